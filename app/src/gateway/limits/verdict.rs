//! What the outcome of a login or a call says of the account and of the host.
//!

use pronote_client::{
    Error, LoginError,
    ent::{Failure, Shut},
    protocol::{error::RefusalKind, start_page::NotAStartPage},
};

use super::breaker::Cause;

/// What an outcome says of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfHost {
    /// It served us.
    Serves,
    /// It wants to be left alone.
    Shut(Cause),
    /// It was not asked, or did not answer: nothing.
    Nothing,
}

/// What an outcome says of the account that logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfAccount {
    /// It was let in.
    LetIn,
    /// PRONOTE or the portal turned it away, and counts that.
    TurnedAway,
    /// Nothing: the network, the school, ourselves.
    Nothing,
}

impl OfHost {
    /// What an outcome says.
    pub fn of<T>(result: &Result<T, Error>) -> Self {
        let Err(error) = result else { return Self::Serves };
        match innermost(error) {
            Error::Page(NotAStartPage::Suspended) => Self::Shut(Cause::Suspended),
            Error::Refused(refusal) => match refusal.kind {
                RefusalKind::AddressSuspended => Self::Shut(Cause::Suspended),
                RefusalKind::TooManyLogins => Self::Shut(Cause::TooManyLogins),
                _ => Self::Serves,
            },
            Error::Login(LoginError::Portal(error)) => match error.failure {
                Failure::PronoteShut(Shut::Banned) => Self::Shut(Cause::Suspended),
                _ => Self::Nothing,
            },
            Error::Login(LoginError::WrongCredentials | LoginError::Refused { .. }) => Self::Serves,
            _ => Self::Nothing,
        }
    }
}

impl OfAccount {
    /// What the outcome of a login says: what the client's own ledger counts too, and a wrong PIN.
    pub fn of<T>(result: &Result<T, Error>) -> Self {
        let Err(error) = result else { return Self::LetIn };
        let turned_away = match innermost(error) {
            Error::Login(LoginError::Portal(error)) => error.is_refusal(),
            Error::Login(error) => matches!(
                error,
                LoginError::WrongCredentials | LoginError::Refused { .. } | LoginError::WrongPin
            ),
            _ => false,
        };
        if turned_away { Self::TurnedAway } else { Self::Nothing }
    }
}

fn innermost(error: &Error) -> &Error {
    match error {
        Error::TooNew { source, .. } => innermost(source),
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pronote_client::{
        ent::{EntError, Hop},
        http::{Held, HeldFor, HttpError, HttpFault},
        protocol::error::Refusal,
    };

    use super::*;

    fn portal(failure: Failure) -> Error {
        let hop = Hop { host: "cas.a.fr".into(), page: "a page", status: 200 };
        let error = EntError { portal: "p".into(), failure, hop, passwords_sent: 1, trail: vec![] };
        LoginError::Portal(Box::new(error)).into()
    }

    #[test]
    fn every_outcome_is_what_it_says() {
        use {OfAccount as Account, OfHost as Host};
        let refused = |code| Error::Refused(Refusal::new(code, ""));
        let network = HttpError { hop: "GET a.fr/".into(), fault: HttpFault::TimedOut };
        let held = Held { wait: Duration::from_secs(1), reason: HeldFor::Suspended };
        let newer = |source: Error| Error::TooNew {
            version: pronote_client::protocol::version::Version::new(2030, 1, 1),
            source: Box::new(source),
        };
        let (away, nothing) = (Account::TurnedAway, Account::Nothing);
        let ban = Host::Shut(Cause::Suspended);
        for (error, account, host) in [
            (LoginError::WrongCredentials.into(), away, Host::Serves),
            (newer(LoginError::WrongCredentials.into()), away, Host::Serves),
            (LoginError::Refused { code: 6, reason: "", message: None }.into(), away, Host::Serves),
            (LoginError::WrongPin.into(), away, Host::Nothing),
            (LoginError::WrongQrPin.into(), nothing, Host::Nothing),
            (portal(Failure::WrongCredentials), away, Host::Nothing),
            (portal(Failure::Locked), away, Host::Nothing),
            (portal(Failure::Maintenance), nothing, Host::Nothing),
            (portal(Failure::PronoteShut(Shut::Banned)), nothing, ban),
            (portal(Failure::PronoteShut(Shut::Closed)), nothing, Host::Nothing),
            (Error::Page(NotAStartPage::Suspended), nothing, ban),
            (newer(Error::Page(NotAStartPage::Suspended)), nothing, ban),
            (Error::Page(NotAStartPage::Closed), nothing, Host::Nothing),
            (refused(5), nothing, ban),
            (refused(25), nothing, Host::Shut(Cause::TooManyLogins)),
            (refused(3), nothing, Host::Serves),
            (network.into(), nothing, Host::Nothing),
            (held.into(), nothing, Host::Nothing),
            (Error::SessionOver, nothing, Host::Nothing),
        ] {
            let result = Err::<(), _>(error);
            assert_eq!(OfAccount::of(&result), account, "{result:?}");
            assert_eq!(OfHost::of(&result), host, "{result:?}");
        }
        assert_eq!((OfAccount::of(&Ok(())), OfHost::of(&Ok(()))), (Account::LetIn, Host::Serves));
    }
}

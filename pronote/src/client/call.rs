//! One call: in its turn, with one login again where the session has ended.
//!

use std::{sync::Arc, time::Instant};

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{Client, State, View};
use crate::{
    Error,
    error::Unavailable,
    http::HeldFor,
    key::Handle,
    protocol::{
        envelope::Answer,
        error::{RefusalKind, Remedy},
        tab,
        value::{Id, Node},
    },
};

/// What a feature asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feature {
    /// Its name in an error: `the timetable`.
    pub(crate) name: &'static str,
    /// PRONOTE's function.
    pub(crate) function: &'static str,
    /// The tab that it belongs to; [`tab::NONE`] where the call is not signed.
    pub(crate) tab: u32,
}

/// What came back, and the session that it belongs to.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) view: Arc<View>,
}

impl Client {
    /// Calls a function. The parameters are made again after a login: ids die with the session.
    pub(crate) async fn call(
        &self,
        feature: Feature,
        parameters: impl Fn(&View) -> Result<Value, Error> + Send + Sync,
    ) -> Result<Reply, Error> {
        self.call_signed(feature, |view| Ok((parameters(view)?, Value::Null))).await
    }

    /// The same, with more in the signature.
    pub(crate) async fn call_signed(
        &self,
        feature: Feature,
        parameters: impl Fn(&View) -> Result<(Value, Value), Error> + Send + Sync,
    ) -> Result<Reply, Error> {
        self.is_open(feature)?;
        self.call_in_turn(feature, parameters).await
    }

    /// Tells PRONOTE that somebody is still there. Every call does; use it after two minutes of silence.
    pub async fn keep_alive(&self) -> Result<(), Error> {
        let function = self.view().generation.names.keep_alive;
        let feature = Feature { name: "keeping the session alive", function, tab: tab::HOME };
        let parameters = |view: &View| {
            let tells = view.generation.names.keep_alive == "Navigation";
            let data = json!({"onglet": tab::HOME, "ongletPrec": tab::HOME});
            Ok((if tells { data } else { Value::Null }, Value::Null))
        };
        self.call_in_turn(feature, parameters).await.map(drop)
    }

    /// Ends the session at PRONOTE. Credentials are forgotten, so that it stays ended.
    pub async fn log_out(&self) -> Result<(), Error> {
        let mut state = self.shared.state.lock().await;
        state.credentials = None;
        let signature = self.view().signature(tab::HOME, self.pupil);
        let State { wire, browser, .. } = &mut *state;
        wire.call(browser, "SaisieDeconnexion", &json!({}), Some(&signature), None).await.map(drop)
    }

    /// The same, whatever tabs the school has opened.
    pub(crate) async fn call_in_turn(
        &self,
        feature: Feature,
        parameters: impl Fn(&View) -> Result<(Value, Value), Error> + Send + Sync,
    ) -> Result<Reply, Error> {
        let mut state = self.shared.state.lock().await;
        let mut logged_in = state.doubtful;
        if state.doubtful {
            self.shared.log_in_again(&mut state).await?;
        }
        loop {
            let view = self.view();
            // Another child's answers would be worse than none.
            view.pupil(self.pupil).ok_or(Error::Gone("a child"))?;
            let (data, more) = parameters(&view)?;
            let mut signature = view.signature(feature.tab, self.pupil);
            if let (Some(fields), Value::Object(more)) = (signature.as_object_mut(), more) {
                fields.extend(more);
            }
            let State { wire, browser, .. } = &mut *state;
            let signature = (feature.tab != tab::NONE).then_some(&signature);
            let answer = wire.call(browser, feature.function, &data, signature, None).await;
            let error = match answer {
                Ok(answer) => {
                    return match answer.report().field("_erreurSaisie_").is_true() {
                        true => Err(Error::NotSaved(feature.name)),
                        false => Ok(Reply { answer, view }),
                    };
                }
                Err(error) => error,
            };
            match remedy(&error) {
                Remedy::LogInAgain if !logged_in => {
                    self.shared.log_in_again(&mut state).await?;
                    logged_in = true;
                }
                Remedy::Hold => {
                    // Neither this call nor a login later: the server wants to be left alone.
                    self.hold(&error);
                    return Err(error);
                }
                _ => return Err(denied(feature, error)),
            }
        }
    }

    /// Whether the school offers a feature to this account, without asking it.
    fn is_open(&self, feature: Feature) -> Result<(), Error> {
        use crate::account::Discussions;
        let view = self.view();
        let closed = |reason| Err(Error::unavailable(feature.name, reason));
        if !view.account.has_tab(feature.tab) {
            return closed(Unavailable::NoTab);
        }
        // Asking while they are off can end the session.
        match view.account.discussions {
            Discussions::SwitchedOff if feature.tab == tab::MESSAGES => {
                closed(Unavailable::SwitchedOff)
            }
            Discussions::Closed if feature.tab == tab::MESSAGES => closed(Unavailable::Denied),
            _ => Ok(()),
        }
    }

    pub(super) fn hold(&self, error: &Error) {
        let ledger = &self.shared.transport.0.ledger;
        let reason = match error {
            Error::Refused(refusal) if refusal.kind == RefusalKind::TooManyLogins => {
                HeldFor::TooManyLogins
            }
            _ => HeldFor::Suspended,
        };
        let host = ledger.mark(self.view().address.root().host_str());
        ledger.hold(host, reason, Instant::now());
    }
}

impl Reply {
    pub(crate) fn node(&self) -> Node<'_> {
        self.answer.data()
    }

    /// The file that a value of type 25 points to, or that stands in its place.
    pub(crate) fn attached(&self, place: Node<'_>) -> Option<Vec<u8>> {
        let mut files = self.answer.unsecured().field("fichiers").list();
        let text = match place.str() {
            Some(text) => text,
            None => files.nth(usize::try_from(place.natural()?).ok()?)?.str()?,
        };
        // In lines, as mails have it.
        let text: String = text.split_ascii_whitespace().collect();
        BASE64.decode(text.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
    }
}

impl View {
    /// The id behind a handle, where it was listed in this very session.
    pub(crate) fn id<'a>(&self, handle: &'a Handle) -> Option<&'a Id> {
        (handle.epoch == self.epoch).then_some(&handle.id)
    }
}

pub(super) fn remedy(error: &Error) -> Remedy {
    use crate::protocol::start_page::NotAStartPage;
    match error {
        Error::Refused(refusal) => refusal.kind.remedy(),
        Error::TooNew { source, .. } => remedy(source),
        Error::Page(NotAStartPage::Suspended) => Remedy::Hold,
        _ => Remedy::Surface,
    }
}

fn denied(feature: Feature, error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.kind == RefusalKind::Denied => {
            Error::unavailable(feature.name, Unavailable::Denied)
        }
        error => error,
    }
}

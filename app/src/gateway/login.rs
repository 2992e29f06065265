//! A login for somebody: checked, counted, and kept behind a token.
//!

use std::net::IpAddr;

use pronote_client::{Address, Client, Credentials, QrCode, Secret, client};
use tokio::time::timeout;
use tracing::{debug, error};

use super::{Gateway, Refusal, limits::Attempt, sessions::Token};

/// What somebody logs in with.
pub enum LogIn {
    /// User name and password, of PRONOTE or of a portal.
    Password {
        /// The address of the school's PRONOTE.
        url: String,
        /// The user's name.
        username: String,
        /// The password.
        password: Secret,
        /// The portal's id in the table.
        portal: Option<String>,
    },
    /// The QR code of PRONOTE's own page.
    QrCode {
        /// The code's `url`.
        url: String,
        /// The code's `jeton`.
        token: Secret,
        /// The code's `login`.
        login: String,
        /// The four digits that its owner chose.
        pin: Secret,
    },
}

impl Gateway {
    /// Logs somebody in. `caller` is whose failed logins are counted beside the account's.
    pub async fn log_in(&self, login: LogIn, caller: IpAddr) -> Result<Token, Refusal> {
        let gateway = self.clone();
        // In a task of its own: a login that has begun is counted to its end.
        let task = tokio::spawn(async move { Box::pin(gateway.enter(login, caller)).await });
        match timeout(self.0.deadline, task).await {
            Ok(Ok(entered)) => entered,
            Ok(Err(panic)) => {
                error!("gateway: a login: {panic}");
                Err(Refusal::Internal)
            }
            Err(_) => Err(Refusal::TooSlow(self.0.deadline)),
        }
    }

    async fn enter(&self, login: LogIn, caller: IpAddr) -> Result<Token, Refusal> {
        let (address, username, credentials) = login.understood().map_err(Refusal::of_login)?;
        let (reach, limits) = (&self.0.reach, &self.0.limits);
        let host = address.root().host_str().unwrap_or_default().to_owned();
        if let Err(forbidden) = reach.permits(address.root()) {
            return Err(Refusal::LoginFailed(forbidden.to_string()));
        }
        let portal = match &credentials {
            Credentials::Portal { portal, .. } => self.0.portals.find(portal),
            _ => None,
        };
        let options = self.0.sessions.login_options(&credentials)?;
        let attempt = Attempt { caller, host: &host, portal, username: &username };
        let permit = limits.permit_login(attempt).await?;
        let entered = Client::log_in(&self.0.transport, &address, &credentials, options).await;
        let entered = entered.and_then(client::LogIn::done);
        permit.close(&entered).await;
        match entered {
            Ok(client) => Ok(self.0.sessions.create(client).await?),
            Err(error) => {
                debug!("gateway: a login at {host} failed");
                Err(Refusal::of_login(error))
            }
        }
    }
}

impl LogIn {
    /// Where to, under which name, and with what.
    fn understood(self) -> Result<(Address, String, Credentials), pronote_client::Error> {
        match self {
            Self::Password { url, username, password, portal: None } => {
                let credentials = Credentials::Password { username: username.clone(), password };
                Ok((url.parse()?, username, credentials))
            }
            Self::Password { url, username, password, portal: Some(portal) } => {
                let name = username.clone();
                Ok((url.parse()?, name, Credentials::Portal { portal, username, password }))
            }
            Self::QrCode { url, token, login, pin } => {
                let code = QrCode::new(&url, &login, token.expose())?;
                Ok((code.address.clone(), login, Credentials::QrCode { code, pin }))
            }
        }
    }
}

//! From an address and credentials to a session whose user is known.
//!

use std::time::Instant;

use tokio::time::timeout;

use super::{
    Credentials, Kept, LoginOptions, Token,
    identify::{self, Authenticated, Identity, Manner},
    needs::SecurityNeeds,
};
use crate::{
    Address, Error,
    client::Wire,
    ent,
    error::LoginError,
    http::{AccountMark, Browser, HeldFor, HttpError, HttpFault, Transport},
    protocol::{
        envelope::Answer,
        error::RefusalKind,
        space::Site,
        start_page::{NotAStartPage, StartPage},
    },
    secret::Secret,
};

/// A session that PRONOTE has let in, the security step excepted.
pub(crate) struct Entered {
    pub(crate) browser: Browser,
    pub(crate) wire: Wire,
    /// The answer of `FonctionParametres`.
    pub(crate) parameters: Answer,
    /// What to log in with the next time.
    pub(crate) credentials: Credentials,
    pub(crate) needs: Option<SecurityNeeds>,
    pub(crate) device: Option<String>,
    /// A token that nobody has written down yet.
    pub(crate) unkept: Option<Token>,
    /// The account and the host, as the ledger knows them.
    marks: (AccountMark, AccountMark),
}

/// Logs in, within the budget of failed logins.
pub(crate) async fn enter(
    transport: &Transport,
    address: &Address,
    credentials: &Credentials,
    options: &LoginOptions,
) -> Result<Entered, Error> {
    let address = match credentials {
        Credentials::QrCode { code, .. } => &code.address,
        _ => address,
    };
    let ledger = &transport.0.ledger;
    let username = credentials.username().trim().to_lowercase();
    let account = ledger.mark((address.root().as_str(), address.space(), username));
    let host = ledger.mark(address.root().host_str());
    ledger.permit(host, Instant::now())?;
    ledger.permit(account, Instant::now())?;
    let limit = transport.0.limits.login;
    let marks = (account, host);
    let result = timeout(limit, attempt(transport, address, credentials, options, marks)).await;
    let result = result.unwrap_or_else(|_| {
        Err(HttpError::at("a login at", address.root(), HttpFault::TimedOut).into())
    });
    match &result {
        Ok(_) => ledger.succeeded(host),
        Err(error) => count(transport, account, host, error),
    }
    result
}

async fn attempt(
    transport: &Transport,
    address: &Address,
    credentials: &Credentials,
    options: &LoginOptions,
    marks: (AccountMark, AccountMark),
) -> Result<Entered, Error> {
    let browser = Browser::new(transport.clone());
    let (page, identity) = match credentials {
        Credentials::Portal { portal, username, password } => {
            by_portal(&browser, address, options, (portal, username, password)).await?
        }
        _ => directly(&browser, address, credentials, options).await?,
    };
    let mut wire = Wire::new(address.clone(), &page);
    let identifier = options.identifier.as_deref();
    let parameters =
        identify::parameters(&mut wire, &browser, page.key.as_ref(), identifier).await?;
    if let Some(identifier) = &parameters.identifier {
        options.keep(Kept::Identifier(identifier.clone())).await;
    }
    let Authenticated { token, answer } =
        identify::authenticate(&mut wire, &browser, &identity).await?;
    let mut entered = Entered {
        browser,
        wire,
        parameters: parameters.answer,
        credentials: credentials.clone(),
        needs: SecurityNeeds::read(answer.data()),
        device: identity.device,
        unkept: None,
        marks,
    };
    entered.take_token(token);
    Ok(entered)
}

impl Entered {
    /// What comes after the password may fail too, and is counted the same.
    pub(crate) fn failed(&self, transport: &Transport, error: &Error) {
        let (account, host) = self.marks;
        count(transport, account, host, error);
    }

    /// The user is in: the failures before are forgotten.
    pub(crate) fn succeeded(&self, transport: &Transport) {
        transport.0.ledger.succeeded(self.marks.0);
    }

    /// A new token replaces a credential that is used up, but not a password.
    pub(super) fn take_token(&mut self, token: Option<Token>) {
        let Some(token) = token else { return };
        if matches!(self.credentials, Credentials::QrCode { .. } | Credentials::Token(_)) {
            self.credentials = Credentials::Token(token.clone());
        }
        self.unkept = Some(token);
    }

    /// The token goes to whoever writes it down, before anything else is asked of PRONOTE. Where
    /// somebody else holds the credentials too, they have them first: this may be cut short.
    pub(crate) async fn keep_token(&mut self, options: &LoginOptions) {
        if let Some(token) = self.unkept.take() {
            options.keep(Kept::Token(token)).await;
        }
    }
}

async fn directly(
    browser: &Browser,
    address: &Address,
    credentials: &Credentials,
    options: &LoginOptions,
) -> Result<(StartPage, Identity), Error> {
    let (manner, username, secret, device) = match credentials {
        Credentials::QrCode { code, pin } => {
            let (username, secret) = code.open(pin)?;
            let device = options.device.clone().ok_or(LoginError::NoDevice)?;
            (Manner::QrCode, username, secret, Some(device))
        }
        Credentials::Token(token) => {
            let device = Some(token.device.clone());
            (Manner::Token, token.username.clone(), token.secret.clone(), device)
        }
        Credentials::Password { username, password }
        | Credentials::Portal { username, password, .. } => {
            (Manner::Password, username.clone(), password.clone(), options.device.clone())
        }
    };
    let url = match device {
        None => address.page(Site::Desktop, "login=true"),
        Some(_) => {
            browser.set_cookie(address.root(), "appliMobile=1; Path=/");
            let query = "fd=1&bydlg=A6ABB224-12DD-4E31-AD3E-8A39A1C2C335&login=true";
            address.page(Site::Mobile, query)
        }
    };
    let mut page = Err(NotAStartPage::Other);
    // The number of the session is missing from some pages; the next one has it.
    for _ in 0..3 {
        let got = browser.get(url.clone()).await?;
        page = StartPage::read(&got.text());
        match page {
            Err(NotAStartPage::Other) if !(200..300).contains(&got.status) => {
                got.success()?;
            }
            Err(NotAStartPage::Other) if got.text().contains("Start") => {}
            _ => break,
        }
    }
    Ok((page?, Identity { username, secret, manner, device }))
}

async fn by_portal(
    browser: &Browser,
    address: &Address,
    options: &LoginOptions,
    (portal, username, password): (&str, &str, &Secret),
) -> Result<(StartPage, Identity), Error> {
    let portals = options.portals.as_deref().unwrap_or_else(|| ent::Portals::built_in());
    let unknown = || LoginError::UnknownPortal(portal.to_owned());
    let portal = portals.find(portal).ok_or_else(unknown)?;
    let url = match options.device {
        None => address.page(Site::Desktop, ""),
        Some(_) => address.page(Site::Mobile, "fd=1"),
    };
    let profile = ent::Profile::of_space(&url);
    let mut credentials = ent::Credentials::new(username, password.expose(), profile);
    if let Some(choice) = &options.portal_choice {
        credentials = credentials.choosing(choice);
    }
    let allow_http = address.root().scheme() == "http";
    let terms = ent::Terms { allow_http, ..ent::Terms::default() };
    let landed = ent::sign_in(browser, portal, &credentials, &url, terms).await;
    let landed = landed.map_err(|error| LoginError::Portal(Box::new(error)))?;
    let page = StartPage::read(&landed.html)?;
    let user = page.portal.clone().ok_or(LoginError::NoPortalUser)?;
    let identity = Identity {
        username: user.name.clone(),
        secret: Secret::from(user.secret.as_str()),
        manner: Manner::Portal,
        device: options.device.clone(),
    };
    Ok((page, identity))
}

/// Counts what PRONOTE, or a portal, counts too.
fn count(transport: &Transport, account: AccountMark, host: AccountMark, error: &Error) {
    let (ledger, now) = (&transport.0.ledger, Instant::now());
    match error {
        Error::TooNew { source, .. } => count(transport, account, host, source),
        Error::Page(NotAStartPage::Suspended) => ledger.hold(host, HeldFor::Suspended, now),
        Error::Refused(refusal) => match refusal.kind {
            RefusalKind::AddressSuspended => ledger.hold(host, HeldFor::Suspended, now),
            RefusalKind::TooManyLogins => ledger.hold(account, HeldFor::TooManyLogins, now),
            _ => {}
        },
        Error::Login(LoginError::Portal(error)) => match error.failure {
            ent::Failure::PronoteShut(ent::Shut::Banned) => {
                ledger.hold(host, HeldFor::Suspended, now);
            }
            _ if error.is_refusal() => ledger.failed(account, now),
            _ => {}
        },
        Error::Login(
            LoginError::WrongCredentials
            | LoginError::Refused { .. }
            | LoginError::WrongPin
            | LoginError::WrongResetCode,
        ) => ledger.failed(account, now),
        _ => {}
    }
}

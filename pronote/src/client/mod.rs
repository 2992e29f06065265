//! A logged-in user, and how calls go out one at a time.
//!

mod call;
mod export;
mod push;
mod view;
mod wire;

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

pub(crate) use call::{Feature, Reply};
pub use export::Export;
use push::Polls;
pub use push::{Push, PushKind};
pub(crate) use view::View;
pub(crate) use wire::Wire;

use crate::{
    Address, Error, Key,
    account::{Account, Period, Pupil},
    error::LoginError,
    http::{Browser, Transport},
    login::{self, Credentials, Entered, LoginOptions, SecurityStep},
    protocol::{space::Space, version::Version},
    school::School,
};

/// A logged-in user. Cheap to clone; clones share one session, whose calls wait for each other.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    /// The pupil whom calls are about.
    pub(crate) pupil: Key,
}

/// What came of a login.
#[derive(Debug)]
pub enum LogIn {
    /// The user is in.
    Done(Client),
    /// PRONOTE asks for more first.
    Security(Box<SecurityStep>),
}

pub(crate) struct Shared {
    pub(crate) transport: Transport,
    pub(crate) options: LoginOptions,
    pub(crate) state: Mutex<State>,
    pub(crate) view: RwLock<Arc<View>>,
    polls: Polls,
}

pub(crate) struct State {
    pub(crate) browser: Arc<Browser>,
    pub(crate) wire: Wire,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) epoch: u32,
    /// Somebody else may have gone on with the session: it is not to be used.
    pub(crate) doubtful: bool,
}

impl Client {
    /// Logs in. A QR code brings its own address.
    ///
    /// With a device's id PRONOTE gives a token, which logs in once and gives the next one:
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::sync::Arc;
    /// use pronote_client::{Client, Credentials, LoginOptions, Token, Transport, login::Kept};
    ///
    /// # let saved = String::new();
    /// let token: Token = serde_json::from_str(&saved)?;
    /// let options = LoginOptions {
    ///     keeper: Some(Arc::new(|kept| {
    ///         Box::pin(async move {
    ///             if let Kept::Token(token) = kept {
    ///                 let text = serde_json::to_string(&token).expect("a token is text");
    ///                 std::fs::write("token.json", text).expect("a lost token is a lost login");
    ///             }
    ///         })
    ///     })),
    ///     ..LoginOptions::default()
    /// };
    /// let address = "0123456a.index-education.net/pronote".parse()?;
    /// let login =
    ///     Client::log_in(&Transport::new()?, &address, &Credentials::Token(token), options).await?;
    /// let client = login.done()?;
    /// # Ok(()) }
    /// ```
    pub async fn log_in(
        transport: &Transport,
        address: &Address,
        credentials: &Credentials,
        options: LoginOptions,
    ) -> Result<LogIn, Error> {
        let mut entered = Box::pin(login::enter(transport, address, credentials, &options)).await?;
        entered.keep_token(&options).await;
        if let Some(needs) = entered.needs.clone() {
            if needs.missing(&options.security).is_some() {
                let step = SecurityStep::new(transport.clone(), options, entered);
                return Ok(LogIn::Security(Box::new(step)));
            }
            let passed = Box::pin(login::pass(&mut entered, &needs, &options)).await;
            passed.inspect_err(|error| entered.failed(transport, error))?;
            entered.keep_token(&options).await;
        }
        Self::open(transport.clone(), options, entered).await.map(LogIn::Done)
    }

    /// The user's name.
    pub fn name(&self) -> Option<String> {
        self.view().account.name.clone()
    }

    /// The space that the user came through.
    pub fn space(&self) -> Space {
        self.view().address.space()
    }

    /// The school's address.
    pub fn address(&self) -> Address {
        self.view().address.clone()
    }

    /// The server's version.
    pub fn version(&self) -> Option<Version> {
        self.view().school.version
    }

    /// The general settings of the school.
    pub fn school(&self) -> Arc<School> {
        Arc::clone(&self.view().school)
    }

    /// The pupil whom the calls of this handle are about.
    pub fn pupil(&self) -> Pupil {
        self.view().pupil(self.pupil).map(|record| record.pupil.clone()).unwrap_or_default()
    }

    /// The pupils of the account: a parent's children, or the pupil alone.
    pub fn children(&self) -> Vec<Pupil> {
        self.view().account.pupils.iter().map(|record| record.pupil.clone()).collect()
    }

    /// The same session, about another child.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for child in client.children() {
    ///     let client = client.for_child(child.key)?;
    ///     println!("{:?}: {} discussions", child.name, client.discussions().await?.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn for_child(&self, key: Key) -> Result<Self, Error> {
        let view = self.view();
        view.pupil(key).ok_or(Error::Gone("a child"))?;
        Ok(Self { shared: Arc::clone(&self.shared), pupil: key })
    }

    /// The periods of the school year that marks belong to.
    pub fn periods(&self) -> Vec<Period> {
        let view = self.view();
        view.pupil(self.pupil).map(|pupil| pupil.public_periods(&view.school)).unwrap_or_default()
    }

    /// Logs in again before the next call. For a session that somebody else may have gone on with,
    /// such as a process that was killed in the middle of a call: its number is not known, and
    /// PRONOTE would refuse the call. Without credentials the session is over.
    pub async fn renew(&self) {
        self.shared.state.lock().await.doubtful = true;
    }

    /// Does not log in again when the session ends, and forgets what it would have done so with.
    pub async fn forget_credentials(&self) {
        self.shared.state.lock().await.credentials = None;
    }

    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.shared.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens a session that PRONOTE has let in: asks who the user is.
    pub(crate) async fn open(
        transport: Transport,
        options: LoginOptions,
        mut entered: Entered,
    ) -> Result<Self, Error> {
        let account = who(&mut entered).await;
        let account = account.inspect_err(|error| entered.failed(&transport, error))?;
        entered.succeeded(&transport);
        let view = View::new(&entered.wire, School::read(entered.parameters.data()), account, 1);
        let Entered { browser, wire, credentials, .. } = entered;
        let credentials = (!options.forget_credentials).then_some(credentials);
        let browser = Arc::new(browser);
        let state = State { browser, wire, credentials, epoch: 1, doubtful: false };
        Ok(Self::of(transport, options, Mutex::new(state), view, Polls::default()))
    }
}

impl Client {
    /// A client about the first pupil of the account.
    fn of(
        transport: Transport,
        options: LoginOptions,
        state: Mutex<State>,
        view: View,
        polls: Polls,
    ) -> Self {
        let pupil = view.account.pupils.first().map(|record| record.pupil.key).unwrap_or_default();
        let view = RwLock::new(Arc::new(view));
        Self { shared: Arc::new(Shared { transport, options, state, view, polls }), pupil }
    }
}

impl LogIn {
    /// The client, where nothing more is asked.
    pub fn done(self) -> Result<Client, Error> {
        match self {
            Self::Done(client) => Ok(client),
            Self::Security(step) => {
                let missing = step.needs().missing(&step.options.security);
                Err(LoginError::Security(missing.unwrap_or("a security step")).into())
            }
        }
    }
}

impl Shared {
    /// Logs in again, silently; what callers hold is found again by its keys.
    pub(crate) async fn log_in_again(&self, state: &mut State) -> Result<(), Error> {
        let credentials = state.credentials.clone().ok_or(Error::SessionOver)?;
        tracing::info!("the PRONOTE session has ended: logging in again");
        let address = state.wire.address.clone();
        let entered = login::enter(&self.transport, &address, &credentials, &self.options);
        let mut entered = Box::pin(entered).await.inspect_err(|error| {
            // What was refused once is not tried again on every call.
            if matches!(error, Error::Login(_)) {
                state.credentials = None;
            }
        })?;
        // A token is used up: the new one counts from here on, whatever happens next.
        state.credentials = Some(entered.credentials.clone());
        entered.keep_token(&self.options).await;
        if let Some(needs) = entered.needs.clone() {
            let passed = Box::pin(login::pass(&mut entered, &needs, &self.options)).await;
            state.credentials = Some(entered.credentials.clone());
            passed.inspect_err(|error| {
                entered.failed(&self.transport, error);
                // Nor is a wrong PIN.
                if matches!(error, Error::Login(_)) {
                    state.credentials = None;
                }
            })?;
            entered.keep_token(&self.options).await;
        }
        let account = who(&mut entered).await;
        let account = account.inspect_err(|error| entered.failed(&self.transport, error))?;
        entered.succeeded(&self.transport);
        state.epoch = state.epoch.wrapping_add(1);
        let school = School::read(entered.parameters.data());
        let view = View::new(&entered.wire, school, account, state.epoch);
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        state.browser = Arc::new(entered.browser);
        state.wire = entered.wire;
        state.doubtful = false;
        Ok(())
    }
}

async fn who(entered: &mut Entered) -> Result<Account, Error> {
    let Entered { wire, browser, parameters, .. } = entered;
    let data = serde_json::json!({});
    let user = wire.call(browser, "ParametresUtilisateur", &data, None, None).await?;
    Ok(Account::read(parameters.data(), user.data()))
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("address", &self.view().address).finish_non_exhaustive()
    }
}

//! Every fault at every step of a login: what is told, what is held.
//!

use std::time::Duration;

use pronote_client::{
    Client, Credentials, Error, LogIn, LoginError, LoginOptions, Transport,
    ent::{Failure, Shut},
    http::{Held, HeldFor, HttpFault, Limits, Manners},
    protocol::{space::Space, start_page::NotAStartPage},
    simulator::{Account, Fault, Manner, Page, Simulator},
};

use super::{account, address, answers, newest, password, portals};

/// What comes of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    In,
    Refused(i64),
    Status(u16),
    Broken,
    TimedOut,
    TooLarge,
    Page(NotAStartPage),
    /// The answer makes no sense.
    Answer,
    /// The portal led to PRONOTE, which was shut, or to nothing known.
    Shut(Shut),
    Lost,
}

/// Who is not to log in after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    Nobody,
    Account(HeldFor),
    Host(HeldFor),
}

use Hold::{Account as OneAccount, Host, Nobody};
use Outcome::{Answer, Broken, In, Lost, Refused, Shut as IsShut, Status, TimedOut, TooLarge};

/// A fault; what it is at a call, at the start page, and at the start page behind a portal.
type Row = (Fault, Outcome, Outcome, Outcome);

const SUSPENDED: Outcome = Outcome::Page(NotAStartPage::Suspended);
const CLOSED: Outcome = Outcome::Page(NotAStartPage::Closed);
const BUSY: Outcome = Outcome::Page(NotAStartPage::Busy);
const BROWSER: Outcome = Outcome::Page(NotAStartPage::Browser);
const OTHER: Outcome = Outcome::Page(NotAStartPage::Other);
const TOO_LARGE_BYTES: usize = 9 << 20;

fn rows() -> Vec<Row> {
    let endless = Fault::Travel(Manner::Dripping(Duration::from_secs(30)));
    let slow = Fault::Travel(Manner::After(Duration::from_millis(50)));
    let mut rows = vec![
        (Fault::Refusal(5), Refused(5), SUSPENDED, IsShut(Shut::Banned)),
        (Fault::Page(Page::Suspended), SUSPENDED, SUSPENDED, IsShut(Shut::Banned)),
        (Fault::Page(Page::Closed), CLOSED, CLOSED, IsShut(Shut::Closed)),
        (Fault::Page(Page::Busy), BUSY, BUSY, IsShut(Shut::Busy)),
        (Fault::Page(Page::Incompatible), BROWSER, BROWSER, Lost),
        (Fault::Page(Page::Foreign), Answer, OTHER, Lost),
        (Fault::Garbage, Answer, OTHER, Lost),
        (Fault::WrongKey, Answer, In, In),
        (Fault::WrongOrder, In, In, In),
        (Fault::Huge(TOO_LARGE_BYTES), TooLarge, TooLarge, TooLarge),
        (Fault::Wait(0), In, OTHER, Lost),
        (Fault::Business("non".to_owned()), Refused(-1), In, In),
        (slow, In, In, In),
        (Fault::Travel(Manner::Cut), Broken, Broken, Broken),
        (Fault::Travel(Manner::Dropped), Broken, Broken, Broken),
        (endless, TimedOut, TimedOut, TimedOut),
    ];
    rows.extend(
        [3, 8, 10, 11, 13, 21, 22, 25, 99]
            .map(|code| (Fault::Refusal(code), Refused(code), OTHER, Lost)),
    );
    rows.extend(
        [404, 500, 503].map(|status| (Fault::Status(status), Status(status), Status(status), Lost)),
    );
    rows
}

fn outcome(login: &Result<Client, Error>) -> Outcome {
    let http = |fault: &HttpFault| match fault {
        HttpFault::Status(status) => Status(*status),
        HttpFault::Broken(_) => Broken,
        HttpFault::TimedOut => TimedOut,
        HttpFault::TooLarge => TooLarge,
        fault => panic!("{fault}"),
    };
    match login {
        Ok(_) => In,
        Err(Error::Refused(refusal)) => Refused(refusal.code),
        Err(Error::Http(error)) => http(&error.fault),
        Err(Error::Page(page)) => Outcome::Page(*page),
        Err(Error::Answer { .. }) => Answer,
        Err(Error::Login(LoginError::Portal(error))) => match &error.failure {
            Failure::PronoteShut(shut) => IsShut(*shut),
            Failure::Unreachable(fault) => http(fault),
            Failure::Changed(_) | Failure::StrangeForm | Failure::Maintenance => Lost,
            failure => panic!("{failure}"),
        },
        Err(error) => panic!("{error}"),
    }
}

fn hold(outcome: Outcome) -> Hold {
    match outcome {
        Refused(25) => OneAccount(HeldFor::TooManyLogins),
        Refused(5) | SUSPENDED | IsShut(Shut::Banned) => Host(HeldFor::Suspended),
        _ => Nobody,
    }
}

/// One failed login an hour: whatever is counted as one shows at the next.
fn strict(fault: &Fault) -> Transport {
    let manners = Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 1 };
    let is_endless = matches!(fault, Fault::Travel(Manner::Dripping(_)));
    let hop = Duration::from_secs(if is_endless { 2 } else { 20 });
    let limits = Limits { hop, ..Limits::default() };
    Transport::builder().manners(manners).limits(limits).build().unwrap()
}

async fn log_in(
    transport: &Transport,
    simulator: &Simulator,
    credentials: &Credentials,
    options: LoginOptions,
) -> Result<Client, Error> {
    let address = address(simulator, Space::Pupil);
    let login = Client::log_in(transport, &address, credentials, options);
    let login = tokio::time::timeout(Duration::from_secs(60), login).await.expect("no hang");
    login.and_then(LogIn::done)
}

/// Strikes a login at a place with every fault in turn.
async fn strike(place: &str, who: &Account, expected: fn(&Row) -> Outcome) {
    let options = || LoginOptions { security: answers(who), ..LoginOptions::default() };
    for row in &rows() {
        let simulator = newest();
        check((place, 0), row, expected(row), &simulator, &password(who), options).await;
    }
}

async fn check(
    (place, before): (&str, u32),
    row: &Row,
    expected: Outcome,
    simulator: &Simulator,
    credentials: &Credentials,
    options: impl Fn() -> LoginOptions,
) {
    let (fault, case) = (&row.0, format!("{:?} at {place}", row.0));
    let (control, transport) = (simulator.control(), strict(fault));
    control.plan(fault.clone().once().at(place).after(before));
    let login = log_in(&transport, simulator, credentials, options()).await;
    assert_eq!(outcome(&login), expected, "{case}: {:?}", login.err());
    let once = usize::try_from(before).unwrap() + 1;
    assert_eq!(control.count("start"), once, "{case}: no second try");
    if expected != In {
        assert_eq!(control.count(place), once, "{case}: not asked again");
    }
    let other = password(account(Space::Pupil, "demonstration"));
    let asked = control.answered();
    let again = log_in(&transport, simulator, credentials, options()).await;
    let others = log_in(&transport, simulator, &other, options()).await;
    match (hold(expected), &again, &others) {
        (Nobody, Ok(_), Ok(_)) => {}
        (OneAccount(why), Err(Error::Held(Held { reason, .. })), Ok(_)) => {
            assert_eq!(*reason, why, "{case}");
        }
        (Host(why), Err(Error::Held(one)), Err(Error::Held(two))) => {
            assert_eq!((one.reason, two.reason), (why, why), "{case}");
            assert_eq!(control.answered(), asked, "{case}: the server is not even asked");
        }
        (hold, again, others) => panic!("{case}: {hold:?}, but {again:?} and {others:?}"),
    }
}

fn basile() -> &'static Account {
    account(Space::Pupil, "basile")
}

#[tokio::test]
async fn at_the_start_page() {
    strike("start", basile(), |row| row.2).await;
}

#[tokio::test]
async fn at_the_parameters() {
    strike("FonctionParametres", basile(), |row| row.1).await;
}

#[tokio::test]
async fn at_the_identification() {
    strike("Identification", basile(), |row| row.1).await;
}

#[tokio::test]
async fn at_the_authentication() {
    strike("Authentification", basile(), |row| row.1).await;
}

#[tokio::test]
async fn at_the_security_step() {
    let prudence = account(Space::Pupil, "prudence");
    strike("SecurisationCompteDoubleAuth", prudence, |row| row.1).await;
}

#[tokio::test]
async fn at_the_user() {
    strike("ParametresUtilisateur", basile(), |row| row.1).await;
}

#[tokio::test]
async fn behind_a_portal() {
    for row in &rows() {
        let (simulator, options) = portals::behind("cas_agora06", Default::default());
        // The first page sends the browser to the portal, the second comes with its ticket.
        let credentials = portals::at("cas_agora06", "demonstration");
        check(("start", 1), row, row.3, &simulator, &credentials, || options.clone()).await;
    }
}

#[tokio::test]
async fn a_wrong_pin_is_a_failed_login() {
    let simulator = newest();
    let prudence = account(Space::Pupil, "prudence");
    let transport = strict(&Fault::Garbage);
    let mut security = answers(prudence);
    security.pin = Some("9999".into());
    let options = LoginOptions { security, ..LoginOptions::default() };
    let wrong = log_in(&transport, &simulator, &password(prudence), options.clone()).await;
    assert!(matches!(wrong, Err(Error::Login(LoginError::WrongPin))), "{wrong:?}");
    let asked = simulator.control().answered();
    let held = log_in(&transport, &simulator, &password(prudence), options).await;
    assert!(
        matches!(held, Err(Error::Held(Held { reason: HeldFor::FailedLogins, .. }))),
        "{held:?}"
    );
    assert_eq!(simulator.control().answered(), asked);
}

//! Every way to log in.
//!

use std::sync::{Arc, Mutex};

use pronote_client::{
    Client, Credentials, Error, LogIn, LoginError, LoginOptions, Token, Transport,
    http::{HeldFor, Manners},
    login::{Kept, SecurityAnswers},
    protocol::{packing::Packing, space::Space},
    simulator::SimulatorOptions,
};

use super::{
    NOW, PACKINGS, VERSIONS, account, address, answers, newest, options, password, start, transport,
};

/// Writes down tokens and identifiers, as a program would on disk.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<(Vec<Token>, Vec<String>)>>);

impl Shelf {
    fn options(&self, device: Option<&str>) -> LoginOptions {
        let shelf = self.clone();
        LoginOptions {
            device: device.map(str::to_owned),
            keeper: Some(Arc::new(move |kept| {
                let mut shelf = shelf.0.lock().unwrap();
                match kept {
                    Kept::Token(token) => shelf.0.push(token),
                    Kept::Identifier(text) => shelf.1.push(text),
                }
                Box::pin(std::future::ready(()))
            })),
            ..LoginOptions::default()
        }
    }

    fn token(&self) -> Token {
        self.0.lock().unwrap().0.last().unwrap().clone()
    }

    fn tokens(&self) -> usize {
        self.0.lock().unwrap().0.len()
    }
}

#[tokio::test]
async fn a_token_is_kept_and_used_up_at_each_login() {
    for version in VERSIONS {
        let simulator = start(options(version, PACKINGS[1]));
        let (shelf, transport) = (Shelf::default(), transport());
        let address = address(&simulator, Space::Pupil);
        let first = password(account(Space::Pupil, "demonstration"));
        let device = Some("0f0e0d0c-device");
        let log_in = async |credentials: &Credentials| {
            Client::log_in(&transport, &address, credentials, shelf.options(device)).await
        };
        log_in(&first).await.unwrap().done().unwrap();
        let token = shelf.token();
        for _ in 0..2 {
            let client = log_in(&Credentials::Token(shelf.token())).await.unwrap().done().unwrap();
            client.keep_alive().await.unwrap();
        }
        assert_eq!(shelf.tokens(), 3, "{version}");
        let used = log_in(&Credentials::Token(token)).await;
        assert!(
            matches!(used, Err(Error::Login(LoginError::WrongCredentials))),
            "{version}: {used:?}"
        );
    }
}

#[tokio::test]
async fn a_session_of_a_token_ends_and_goes_on_with_the_next_token() {
    let simulator = newest();
    let (shelf, transport) = (Shelf::default(), transport());
    let address = address(&simulator, Space::Parent);
    let first = password(account(Space::Parent, "demonstration"));
    let options = || shelf.options(Some("device"));
    Client::log_in(&transport, &address, &first, options()).await.unwrap();
    let token = Credentials::Token(shelf.token());
    let client = Client::log_in(&transport, &address, &token, options()).await.unwrap();
    let client = client.done().unwrap();
    for tokens in [3, 4] {
        simulator.control().end_sessions();
        client.staff().await.unwrap();
        assert_eq!(shelf.tokens(), tokens);
    }
}

#[tokio::test]
async fn security_asks_and_is_answered() {
    let simulator = newest();
    for (space, name) in [
        (Space::Pupil, "prudence"),
        (Space::Pupil, "basile"),
        (Space::Pupil, "zephyr"),
        (Space::Pupil, "nouveau"),
        (Space::Pupil, "ondine"),
        (Space::Parent, "parent.pin"),
    ] {
        let account = account(space, name);
        let address = address(&simulator, space);
        let (transport, credentials) = (transport(), password(account));
        let begun = Client::log_in(&transport, &address, &credentials, LoginOptions::default());
        let Ok(LogIn::Security(mut step)) = begun.await else {
            // A strategy can be chosen without being asked anything.
            assert_eq!(name, "ondine");
            continue;
        };
        let silent = step.answer(&SecurityAnswers::default()).await;
        assert!(matches!(silent, Err(Error::Login(LoginError::Security(_)))), "{name}");
        if account.pin.is_some() {
            let wrong = SecurityAnswers { pin: Some("9999".into()), ..answers(account) };
            let wrong = step.answer(&wrong).await;
            assert!(matches!(wrong, Err(Error::Login(LoginError::WrongPin))), "{name}: {wrong:?}");
        }
        let client = step.answer(&answers(account)).await.unwrap();
        client.keep_alive().await.unwrap();
    }
}

#[tokio::test]
async fn a_forgotten_pin_is_made_anew_with_a_code_by_mail() {
    let simulator = newest();
    let account = account(Space::Parent, "parent.pin");
    let address = address(&simulator, Space::Parent);
    let begin = async || {
        let credentials = password(account);
        let begun =
            Client::log_in(&transport(), &address, &credentials, LoginOptions::default()).await;
        let Ok(LogIn::Security(step)) = begun else { panic!("{begun:?}") };
        step
    };
    let mut step = begin().await;
    assert!(step.needs().can_reset_pin && step.needs().reset_mail.is_some());
    step.ask_pin_reset().await.unwrap();
    let code = simulator.control().mailed_code().unwrap();
    let fresh = |code: &str| SecurityAnswers {
        pin: Some("8642".into()),
        reset_code: Some(code.into()),
        device_name: Some("test".to_owned()),
        ..SecurityAnswers::default()
    };
    let wrong = step.answer(&fresh("no code")).await;
    assert!(matches!(wrong, Err(Error::Login(LoginError::WrongResetCode))), "{wrong:?}");
    step.answer(&fresh(&code)).await.unwrap().staff().await.unwrap();
    // A new device is asked for the new PIN, and the code is used up.
    let used = begin().await.answer(&fresh(&code)).await;
    assert!(matches!(used, Err(Error::Login(LoginError::WrongResetCode))), "{used:?}");
    let mut step = begin().await;
    let old = step.answer(&answers(account)).await;
    assert!(matches!(old, Err(Error::Login(LoginError::WrongPin))), "{old:?}");
    let new = SecurityAnswers { pin: Some("8642".into()), ..answers(account) };
    step.answer(&new).await.unwrap();
}

#[tokio::test]
async fn a_known_device_is_not_asked_again() {
    let simulator = newest();
    let account = account(Space::Pupil, "prudence");
    let address = address(&simulator, Space::Pupil);
    let shelf = Shelf::default();
    let first = LoginOptions { security: answers(account), ..shelf.options(None) };
    Client::log_in(&transport(), &address, &password(account), first)
        .await
        .unwrap()
        .done()
        .unwrap();
    let identifier = shelf.0.lock().unwrap().1.last().cloned();
    let again = LoginOptions { identifier, ..LoginOptions::default() };
    let again = Client::log_in(&transport(), &address, &password(account), again).await.unwrap();
    assert!(matches!(again, LogIn::Done(_)));
}

#[tokio::test]
async fn failed_logins_are_few() {
    let simulator = newest();
    let transport = Transport::builder()
        .manners(Manners { requests_per_second_per_host: 0, ..Manners::default() })
        .build()
        .unwrap();
    let address = address(&simulator, Space::Pupil);
    let wrong =
        Credentials::Password { username: "demonstration".to_owned(), password: "wrong".into() };
    let log_in = async |credentials: &Credentials| {
        Client::log_in(&transport, &address, credentials, LoginOptions::default()).await
    };
    for _ in 0..3 {
        let error = log_in(&wrong).await.unwrap_err();
        assert!(matches!(error, Error::Login(LoginError::WrongCredentials)), "{error}");
    }
    let asked = simulator.control().answered();
    let held = log_in(&password(account(Space::Pupil, "demonstration"))).await.unwrap_err();
    assert!(matches!(held, Error::Held(held) if held.reason == HeldFor::FailedLogins));
    assert_eq!(simulator.control().answered(), asked, "the server is not even asked");
}

#[tokio::test]
async fn too_many_logins_are_a_hold() {
    let simulator = start(SimulatorOptions {
        failures_before_refusal: 1,
        now: Some(NOW),
        ..SimulatorOptions::default()
    });
    let transport = Transport::builder()
        .manners(Manners { requests_per_second_per_host: 0, failed_logins_per_hour: 50 })
        .build()
        .unwrap();
    let address = address(&simulator, Space::Pupil);
    let wrong =
        Credentials::Password { username: "demonstration".to_owned(), password: "no".into() };
    let log_in = async || {
        Client::log_in(&transport, &address, &wrong, LoginOptions::default()).await.unwrap_err()
    };
    let mut error = log_in().await;
    for _ in 0..5 {
        if matches!(error, Error::Held(_)) {
            break;
        }
        error = log_in().await;
    }
    assert!(matches!(error, Error::Held(held) if held.reason == HeldFor::TooManyLogins), "{error}");
}

#[tokio::test]
async fn a_seed_is_hidden_by_rsa_where_it_is_asked() {
    for version in ["2024.3.8", "2026.2.6"] {
        let packing = Packing { encrypted: true, compressed: true };
        let options = SimulatorOptions { has_rsa: true, ..options(version, packing) };
        let simulator = start(options);
        super::pupil(&simulator).await.staff().await.unwrap();
    }
}

#[tokio::test]
async fn a_qr_code_becomes_a_token() {
    for version in VERSIONS {
        for space in [Space::Pupil, Space::Parent] {
            let simulator = start(options(version, PACKINGS[1]));
            let client = super::log_in(&simulator, account(space, "demonstration")).await.unwrap();
            let code = client.make_qr_code("1234").await.unwrap();
            let (shelf, transport) = (Shelf::default(), transport());
            let address = code.address.clone();
            let log_in = async |pin: &str| {
                let credentials = Credentials::QrCode { code: code.clone(), pin: pin.into() };
                let options = shelf.options(Some("device"));
                Client::log_in(&transport, &address, &credentials, options).await
            };
            let wrong = log_in("4321").await;
            assert!(matches!(wrong, Err(Error::Login(LoginError::WrongQrPin))), "{wrong:?}");
            let other = log_in("1234").await.unwrap().done().unwrap();
            assert_eq!((other.name(), other.space()), (client.name(), space));
            simulator.control().end_sessions();
            other.staff().await.unwrap();
            assert_eq!(shelf.tokens(), 2, "{version}: the code is used up, the token goes on");
        }
    }
}

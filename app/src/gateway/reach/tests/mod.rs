//! Every way that we know to be led astray, and that none is gone.
//!

mod urls;

use std::{
    io::{self, Read as _, Write as _},
    net::{IpAddr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use pronote_client::{
    Client, Credentials, Error, LoginOptions,
    http::{Browser, HttpError, HttpFault},
    simulator::{ACCOUNTS, Simulator, SimulatorOptions},
};
use reqwest::dns::Resolve as _;

use super::*;

fn settings(allowed: &str, private: bool) -> Gateway {
    let allowed = allowed.split_whitespace().map(|host| HostPattern::parse(host).unwrap());
    let limits = GatewayLimits { calls_per_second_per_school: 0, ..GatewayLimits::default() };
    Gateway {
        allowed_hosts: allowed.collect(),
        allow_private_hosts: private,
        limits,
        ..Gateway::default()
    }
}

/// A resolver that gives each look-up the next answer, the last one for ever, and counts.
fn answers(rows: &'static [&'static [&'static str]]) -> (LookUp, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let look_up = move |_| -> resolver::Answer {
        let row = rows[counter.fetch_add(1, Ordering::SeqCst).min(rows.len() - 1)];
        let addresses = row.iter().map(|address| address.parse().unwrap()).collect();
        Box::pin(async move { Ok(addresses) })
    };
    (Arc::new(look_up), count)
}

/// A server that answers each connection with the next text; and who it answered.
fn server(answers: Vec<String>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    thread::spawn(move || {
        for (answer, stream) in answers.into_iter().zip(listener.incoming()) {
            let mut stream = stream.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let _length = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, count)
}

fn ok() -> String {
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok".to_owned()
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: {to}\r\n\r\n"
    )
}

async fn get(reach: &Reach, url: &str) -> Result<String, HttpError> {
    let browser = Browser::new(reach.transport().unwrap());
    browser.get(url.parse().unwrap()).await.map(|page| page.text().into_owned())
}

fn counted(reach: &Reach, word: &'static str) -> u64 {
    reach.refusals().get_or_create(&[("reason", word)]).get()
}

#[test]
fn a_refusal_names_the_host_and_nothing_that_is_nobodys_business() {
    let reach = Reach::new(&settings("a.fr", false), Portals::built_in());
    for url in [
        "https://user:secret@a.fr/secret?ticket=secret",
        "https://other.fr/secret?ticket=secret#secret",
        "https://a.fr:23/secret?ticket=secret",
    ] {
        let url = Url::parse(url).unwrap();
        let said = reach.permits(&url).unwrap_err().to_string();
        assert!(said.contains(url.host_str().unwrap()) && !said.contains("secret"), "{said}");
    }
    assert_eq!(counted(&reach, "host"), 1);
    assert_eq!(counted(&reach, "port"), 1);
}

#[tokio::test]
async fn addresses_behind_a_name_are_left_out_unless_they_may_be_reached() {
    let mixed: &'static [&'static str] = &[
        "127.0.0.1",
        "62.210.16.6",
        "10.0.0.1",
        "::1",
        "2a01:e0a::1",
        "169.254.169.254",
        "::ffff:10.0.0.1",
        "fd00:ec2::254",
        "0.0.0.0",
    ];
    let (look_up, _) = answers(Box::leak(Box::new([mixed])));
    for (private, wanted) in [
        (false, vec!["62.210.16.6", "2a01:e0a::1"]),
        (
            true,
            vec!["127.0.0.1", "62.210.16.6", "10.0.0.1", "::1", "2a01:e0a::1", "::ffff:10.0.0.1"],
        ),
    ] {
        let settings = settings("a.fr", private);
        let reach = Reach::looking_up(&settings, Portals::built_in(), look_up.clone());
        let resolver = Resolver::new(reach.rule.clone(), look_up.clone());
        let found = resolver.resolve("a.fr".parse().unwrap()).await.unwrap();
        let found: Vec<_> = found.map(|address| address.ip()).collect();
        let wanted: Vec<IpAddr> = wanted.iter().map(|address| address.parse().unwrap()).collect();
        assert_eq!(found, wanted, "{private}");
    }
}

#[tokio::test]
async fn a_name_that_leads_home_is_not_connected_to() {
    for home in ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "::1", "::"] {
        let (address, served) = server(vec![ok()]);
        let row: &'static [&'static str] = Box::leak(Box::new([home]));
        let (look_up, asked) = answers(Box::leak(Box::new([row])));
        let settings = settings("*.nip.io", false);
        let reach = Reach::looking_up(&settings, Portals::built_in(), look_up);
        let url = format!("https://127.0.0.1.nip.io:{}/pronote/?x=secret", address.port());
        let error = get(&reach, &url).await.unwrap_err();
        let HttpFault::Unreachable(why) = &error.fault else { panic!("{error}") };
        assert!(why.starts_with("127.0.0.1.nip.io has no public address"), "{why}");
        assert_eq!((asked.load(Ordering::SeqCst), served.load(Ordering::SeqCst)), (1, 0), "{home}");
        assert_eq!(counted(&reach, "resolved"), 1);
    }
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_connected_to() {
    let (address, served) = server(vec![ok(), ok()]);
    // At first as it should be, then beside a forbidden one, then forbidden.
    let (look_up, asked) =
        answers(&[&["127.0.0.1"], &["169.254.169.254", "127.0.0.1"], &["169.254.169.254"]]);
    let reach = Reach::looking_up(&settings("a.fr", true), Portals::built_in(), look_up);
    let url = format!("http://a.fr:{}/", address.port());
    let browser = Browser::new(reach.transport().unwrap());
    for round in 1..=2 {
        let page = browser.get(url.parse().unwrap()).await.unwrap();
        assert_eq!(page.text(), "ok");
        let counts = (asked.load(Ordering::SeqCst), served.load(Ordering::SeqCst));
        assert_eq!(counts, (round, round), "asked once for each connection");
    }
    let error = browser.get(url.parse().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("a.fr has no public address"), "{error}");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_redirect_is_held_against_the_same_rule() {
    for (to, said) in [
        ("http://example.org/?secret", "example.org is not among gateway.allowed_hosts"),
        ("//example.org/", "example.org is not among"),
        ("http://127.0.0.2/", "127.0.0.2 is not among"),
        ("http://169.254.169.254/latest/", "169.254.169.254 is the address of no school's"),
        ("http://2852039166/", "169.254.169.254 is the address of no school's"),
        ("http://[::ffff:a9fe:a9fe]/", "[::ffff:a9fe:a9fe] is the address of no school's"),
        ("http://127.0.0.1:22/", "port 22 of 127.0.0.1"),
        ("http://user@127.0.0.1:8080/", "a user name or a password"),
        ("http://localhost./", "expected the name of a host"),
        ("file:///etc/passwd", "only http and https are"),
        ("ftp://127.0.0.1/", "only http and https are"),
    ] {
        let (address, served) = server(vec![redirect(to)]);
        let allowed = "127.0.0.1 169.254.169.254 ::ffff:169.254.169.254 localhost";
        let reach = Reach::new(&settings(allowed, true), Portals::built_in());
        let error = get(&reach, &format!("http://{address}/")).await.unwrap_err();
        let HttpFault::Forbidden(why) = &error.fault else { panic!("{to}: {error}") };
        assert!(why.contains(said) && !why.contains("secret"), "{to}: {why}");
        assert_eq!(served.load(Ordering::SeqCst), 1, "{to}");
    }
    let (goal, _) = server(vec![ok()]);
    let (first, _) = server(vec![redirect(&format!("http://{goal}/there"))]);
    let reach = Reach::new(&settings("127.0.0.1", true), Portals::built_in());
    assert_eq!(get(&reach, &format!("http://{first}/")).await.unwrap(), "ok");
}

#[tokio::test]
async fn a_redirect_from_a_school_to_http_is_refused_by_default() {
    let reach = Reach::new(&settings("a.fr", false), Portals::built_in());
    let error = get(&reach, "http://a.fr/").await.unwrap_err();
    assert_eq!(
        error.fault,
        HttpFault::Forbidden("expected https, found http".to_owned()),
        "each hop is checked as the first one is"
    );
}

#[tokio::test]
async fn the_simulator_is_reached_with_private_hosts_only() {
    let simulator = Simulator::start(SimulatorOptions::default()).unwrap();
    let address = simulator.page("eleve").parse().unwrap();
    let account = &ACCOUNTS[0];
    let credentials = Credentials::Password {
        username: account.username.into(),
        password: account.password.into(),
    };
    for (private, allowed) in [(false, "127.0.0.1"), (true, "a.fr"), (true, "127.0.0.1")] {
        let reach = Reach::new(&settings(allowed, private), Portals::built_in());
        let transport = reach.transport().unwrap();
        let options = LoginOptions::default();
        let result = Client::log_in(&transport, &address, &credentials, options).await;
        match (private, allowed) {
            (true, "127.0.0.1") => drop(result.unwrap()),
            _ => {
                let error = result.unwrap_err();
                let Error::Http(error) = &error else { panic!("{error}") };
                assert!(matches!(error.fault, HttpFault::Forbidden(_)), "{error}");
                assert_eq!(simulator.control().answered(), 0);
            }
        }
    }
    assert!(simulator.control().answered() > 0);
}

#[tokio::test]
async fn the_systems_own_look_up_finds_this_machine_and_is_held_to_the_rule() {
    let found: io::Result<Vec<IpAddr>> = resolver::system()("localhost".to_owned()).await;
    assert!(found.unwrap().iter().all(IpAddr::is_loopback));
    let reach = Reach::new(&settings("localhost", false), Portals::built_in());
    let error = get(&reach, "https://localhost/").await.unwrap_err();
    assert!(error.to_string().contains("localhost has no public address"), "{error}");
}

#[test]
fn a_request_ends_before_its_deadline_does() {
    let seconds = Duration::from_secs;
    let limits = within(30);
    assert_eq!((limits.total, limits.login, limits.hop), (seconds(27), seconds(27), seconds(15)));
    let limits = within(2);
    assert_eq!((limits.hop, limits.connect), (limits.total, limits.total / 2));
    assert_eq!(within(0), Limits::default());
}

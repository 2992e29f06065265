//! How many calls a second the simulator answers.
//!
//! `cargo run --release -p pronote-client --features simulator --example load`
//!
//! Four clients on loopback, a mix of calls, a bounded count; the server is one thread.

// A measurement that cannot go on says so by panicking.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use pronote_client::protocol::packing::Packing;
use pronote_client::simulator::{ACCOUNTS, Reply, Request, Simulator, SimulatorOptions};
use serde_json::{Value, json};

#[allow(dead_code)]
#[path = "../tests/simulator/mini.rs"]
mod mini;

const CLIENTS: usize = 4;
const CALLS: usize = 5_000;

fn main() {
    let plain = Packing::default();
    let both = Packing { encrypted: true, compressed: true };
    for (name, packing) in [("plain", plain), ("encrypted and compressed", both)] {
        let simulator =
            Simulator::start(SimulatorOptions { packing, ..SimulatorOptions::default() });
        let simulator = simulator.expect("a port on loopback");
        let address = simulator.address();
        let (start, before) = (Instant::now(), server_seconds());
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(move || client(address));
            }
        });
        let (wall, busy) = (start.elapsed().as_secs_f64(), server_seconds() - before);
        let calls = f64::from(u32::try_from(simulator.control().answered()).expect("bounded"));
        let line = format!(
            "{name}: {:.0} calls/s of one busy core ({:.0} calls/s by the clock, clients included), {:.1} us a call\n",
            calls / busy,
            calls / wall,
            1e6 * busy / calls
        );
        std::io::stdout().write_all(line.as_bytes()).expect("an open terminal");
    }
}

fn client(address: SocketAddr) {
    let stream = TcpStream::connect(address).expect("the simulator listens");
    stream.set_nodelay(true).expect("a socket");
    let mut stream = BufReader::new(stream);
    let (mut mini, _) =
        mini::enter(Box::new(move |request| exchange(&mut stream, request)), &ACCOUNTS[0]);
    let user =
        mini.call("ParametresUtilisateur", json!({}), None).expect("an account that may").data;
    let resource = json!({ "G": 4, "N": user["ressource"]["N"] });
    let tabs = &user["ressource"]["listeOngletsPourPeriodes"]["V"][2]["periodeParDefaut"]["V"];
    let period = json!({ "N": tabs["N"], "L": tabs["L"], "G": 2 });
    let mix: [(&str, u32, Value); 8] = [
        ("Navigation", 7, json!({ "onglet": 7, "ongletPrec": 7 })),
        ("PageEmploiDuTemps", 16, json!({ "ressource": resource, "numeroSemaine": 12 })),
        ("PageCahierDeTexte", 88, json!({ "domaine": { "_T": 8, "V": "[12..13]" } })),
        ("DernieresNotes", 198, json!({ "Periode": period })),
        ("PageMenus", 10, json!({ "date": { "_T": 7, "V": "5/10/2026 0:0:0" } })),
        ("PageActualites", 8, json!({ "modesAffActus": { "_T": 26, "V": "[0..3]" } })),
        ("ListeMessagerie", 131, json!({ "avecMessage": true, "avecLu": true })),
        ("Navigation", 7, json!({ "onglet": 7, "ongletPrec": 7 })),
    ];
    for (function, tab, data) in mix.iter().cycle().take(CALLS) {
        mini.call(function, data.clone(), Some(*tab)).expect("a right call");
    }
}

/// One request on an open connection.
fn exchange(stream: &mut BufReader<TcpStream>, request: &Request) -> Reply {
    let head = format!(
        "{} {}{} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        request.method,
        request.path,
        if request.query.is_empty() { String::new() } else { format!("?{}", request.query) },
        request.body.len()
    );
    let whole = [head.as_bytes(), &request.body].concat();
    stream.get_mut().write_all(&whole).expect("an open connection");
    let (mut line, mut length) = (String::new(), 0);
    while {
        line.clear();
        stream.read_line(&mut line).expect("an open connection") > 2
    } {
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("a whole body");
    Reply::html(200, body)
}

/// Processor time of the server's thread so far (proc(5): fields 14 and 15 are ticks of 10 ms).
fn server_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    let stats =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("stat")).ok());
    stats
        .filter(|stat| stat.contains("(simulator)"))
        .filter_map(|stat| stat.rsplit_once(") ").map(|(_, rest)| rest.to_owned()))
        .map(|rest| {
            let field =
                |index: usize| rest.split(' ').nth(index).and_then(|text| text.parse().ok());
            field(11).unwrap_or(0.0) + field(12).unwrap_or(0.0)
        })
        .sum::<f64>()
        / 100.0
}

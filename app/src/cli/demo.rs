//! `beffroi demo`: the whole product on one computer, with nobody's data.
//!

use std::{fs, path::Path};

use anyhow::Context as _;
use clap::Args;
use pronote_client::{
    protocol::space::{Site, Space},
    simulator::{ACCOUNTS, Simulator, SimulatorOptions},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    player::Device,
    run::{self, BoardChoice, RunOptions},
    sounds::SoundFolder,
    store,
};

/// Where the demonstration is to be found.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// The port of the box.
    #[arg(long, default_value_t = 8443)]
    port: u16,
    /// The gateway's own port, in plain HTTP, as papillon-python has it.
    #[arg(long, default_value_t = 8000)]
    gateway_port: u16,
    /// The sound output: default, null, file:PATH.wav or an ALSA name.
    #[arg(long, value_name = "DEVICE")]
    audio: Option<Device>,
}

/// Whose pages the gateway reads.
const GUIDED: [Space; 2] = [Space::Pupil, Space::Parent];

/// Runs the box on the mock board beside a simulated PRONOTE, on loopback, until it is told to end.
/// Everything is in a folder of its own, which goes at the end.
pub fn demo(options: &DemoOptions) -> anyhow::Result<()> {
    let folder = TempDir::with_prefix("beffroi-demo-").context("making a folder")?;
    let data = folder.path();
    let password = store::init(data, options.port)?;
    SoundFolder::new(data.join("musiques")).ship().context("writing the sounds")?;
    let simulator = Simulator::start(SimulatorOptions::default()).context("simulating PRONOTE")?;
    let host = simulator.address().ip().to_string();
    settle(&data.join("conf.json"), options, &host).context("writing conf.json")?;
    tell(options, &simulator, data, &password);
    let has_card = fs::read_dir("/proc/asound").is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("card"))
    });
    let audio =
        options.audio.clone().or_else(|| (!has_card).then(|| Device::File(data.join("heard.wav"))));
    run::run(data, &RunOptions { board: Some(BoardChoice::Mock), audio })
}

/// On loopback alone, with a gateway that may reach loopback.
fn settle(conf: &Path, options: &DemoOptions, host: &str) -> anyhow::Result<()> {
    let mut document: Value = serde_json::from_slice(&fs::read(conf)?)?;
    if let Some(host_field) = document.pointer_mut("/server/host") {
        *host_field = json!("127.0.0.1");
    }
    if let Some(sections) = document.as_object_mut() {
        let gateway = json!({
            "enabled": true,
            "listen": format!("127.0.0.1:{}", options.gateway_port),
            "allowed_hosts": [host],
            "allow_private_hosts": true,
        });
        sections.insert("gateway".to_owned(), gateway);
    }
    fs::write(conf, serde_json::to_vec_pretty(&document)?)?;
    Ok(())
}

fn tell(options: &DemoOptions, simulator: &Simulator, data: &Path, password: &str) {
    let DemoOptions { port, gateway_port, .. } = options;
    let page = simulator.page("eleve");
    let data = data.display();
    println!("The box        https://127.0.0.1:{port}/  user admin, password {password}");
    println!("  ring         curl -k -u admin:{password} https://127.0.0.1:{port}/api/play/GPIO23");
    println!("  a contact    beffroi press GPIO23 --data {data}");
    println!("The gateway    http://127.0.0.1:{gateway_port}/  and https://127.0.0.1:{port}/");
    println!("A PRONOTE      {}  (simulated)", simulator.url());
    for account in ACCOUNTS.iter().filter(|account| GUIDED.contains(&account.space)).take(3) {
        let page = account.space.page(Site::Desktop);
        println!("  {page:12} {} / {}: {}", account.username, account.password, account.purpose);
    }
    if let Some(pupil) = ACCOUNTS.first() {
        println!(
            "  log in       curl http://127.0.0.1:{gateway_port}/generatetoken -d url={page} \\"
        );
        println!("                 -d username={} -d password={}", pupil.username, pupil.password);
        println!("  then         curl 'http://127.0.0.1:{gateway_port}/user?token=TOKEN'");
    }
    println!("Ctrl+C ends it, and nothing is left.");
}

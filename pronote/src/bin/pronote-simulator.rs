//! `pronote-simulator`: a PRONOTE server on this machine.
//!
//! Its options and its school live in [`pronote_client::simulator`].

use std::{io::Write as _, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use clap::Parser;
use pronote_client::ent::{Portal, Portals};
use pronote_client::protocol::{packing::Packing, version::Version};
use pronote_client::simulator::portals::{FakePortals, PEOPLE, PortalOptions};
use pronote_client::simulator::{ACCOUNTS, Plan, Portals as Gate, Simulator, SimulatorOptions};

/// A PRONOTE server to test clients against.
#[derive(Parser)]
#[command(disable_version_flag = true)]
struct Arguments {
    /// Version to speak: 2023.0.0 to 2026.2.6.
    #[arg(long, default_value = "2026.2.6")]
    version: Version,
    /// Where to listen; port 0 lets the system choose.
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// Encrypt calls (CrA; the absence of sCrA until 2024).
    #[arg(long)]
    encrypted: bool,
    /// Compress calls (CoA; the absence of sCoA until 2024).
    #[arg(long)]
    compressed: bool,
    /// Hide the seed of the vector with RSA, as plain-http sites do.
    #[arg(long)]
    rsa: bool,
    /// Say that it is a demonstration, and refuse tokens.
    #[arg(long)]
    demo: bool,
    /// Minutes that a session lives without a call.
    #[arg(long, default_value_t = 20)]
    idle_minutes: u64,
    /// School time at the start, such as 2026-11-23T08:00; the present where it is left out.
    #[arg(long)]
    now: Option<jiff::civil::DateTime>,
    /// A field to leave out of every answer: moyClasse, or DernieresNotes.moyClasse.
    #[arg(long, value_name = "FIELD")]
    without: Vec<String>,
    /// A fault: 25@PageMenus*3, http-503@start, slow-2000, cut@ListeMessages*1, suspended@start …
    #[arg(long, value_name = "FAULT")]
    fault: Vec<Plan>,
    /// The school's portal: an id of the table, such as cas_agora06. It and EduConnect are played too.
    #[arg(long, value_name = "ID", value_parser = portal)]
    portal: Option<Portal>,
    /// EduConnect of one page, as until 2025.
    #[arg(long, requires = "portal")]
    old_educonnect: bool,
    /// Where to write a table of portals whose addresses lead here.
    #[arg(long, value_name = "FILE", requires = "portal")]
    portal_table: Option<PathBuf>,
}

fn portal(id: &str) -> Result<Portal, String> {
    let found = Portals::built_in().find(id).cloned();
    found.ok_or_else(|| "no portal of the built-in table has this id".to_owned())
}

fn main() -> std::io::Result<()> {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let options = PortalOptions { old_educonnect: arguments.old_educonnect, ..Default::default() };
    let portals = arguments.portal.map(|portal| Arc::new(FakePortals::new(&portal, options)));
    let simulator = Simulator::start(SimulatorOptions {
        version: arguments.version,
        packing: Packing { encrypted: arguments.encrypted, compressed: arguments.compressed },
        has_rsa: arguments.rsa,
        is_demo: arguments.demo,
        now: arguments.now,
        idle: Duration::from_secs(arguments.idle_minutes.saturating_mul(60)),
        without: arguments.without,
        faults: arguments.fault,
        address: arguments.address,
        portals: portals.clone().map(|portals| portals as Arc<dyn Gate>),
        ..SimulatorOptions::default()
    })?;
    let mut out = std::io::stdout().lock();
    // The first line is for scripts: where it listens.
    writeln!(out, "{}", simulator.url())?;
    for account in ACCOUNTS {
        let page = account.space.page(pronote_client::protocol::space::Site::Desktop);
        let pin = account.pin.map(|pin| format!(", PIN {pin}")).unwrap_or_default();
        writeln!(
            out,
            "{page:18} {} / {}{pin}: {}",
            account.username, account.password, account.purpose
        )?;
    }
    if let Some(portals) = portals {
        for person in PEOPLE {
            writeln!(
                out,
                "at the portal     {} / {} ({})",
                person.login, person.password, person.kind
            )?;
        }
        if let Some(path) = arguments.portal_table {
            let table = portals.table_at(&format!("http://{}", simulator.address()));
            std::fs::write(path, table.to_string())?;
        }
    }
    out.flush()?;
    drop(out);
    simulator.wait();
    Ok(())
}

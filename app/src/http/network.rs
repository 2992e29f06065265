//! The network's life: certificate, port, routes, each tried until it is there.
//!
//! Each is tried again until it is there.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::{JoinHandle, spawn_blocking},
    time::{sleep, timeout},
};
use tracing::{error, info, warn};
use warp::Filter;

use super::{
    Services,
    api::{self, Api},
    page,
    papillon::{self, Papillon},
    problem,
    server::{self, Door, Limits, Traffic},
    tls::{self, CertificateFiles, Tls},
};
use crate::store::{Conf, conf::Server};

/// How often the certificate's files are looked at, and its dates.
const CERTIFICATE_EVERY: Duration = Duration::from_secs(3600);

/// The service's network, which runs by itself.
#[derive(Debug)]
pub struct Network {
    close: watch::Sender<bool>,
    again: mpsc::Sender<()>,
    address: watch::Receiver<Option<SocketAddr>>,
    task: JoinHandle<()>,
}

/// Starts to serve, in the background. Whatever fails is told in the log and tried again.
pub fn start(services: Services) -> Network {
    let (close, closing) = watch::channel(false);
    let (again, reloads) = mpsc::channel(1);
    let (bound, address) = watch::channel(None);
    let task = tokio::spawn(run(services, closing, reloads, bound));
    Network { close, again, address, task }
}

/// What is wrong with the certificate that the configuration names, in words. Changes nothing.
pub fn certificate_problem(conf: &Server) -> Option<String> {
    tls::problem(&CertificateFiles::of(conf), Timestamp::now())
}

impl Network {
    /// Where it listens, once it does.
    pub async fn address(&self) -> Option<SocketAddr> {
        let mut address = self.address.clone();
        address.wait_for(Option::is_some).await.ok().and_then(|address| *address)
    }

    /// Looks at the certificate's files now.
    pub fn reload_certificate(&self) {
        self.again.try_send(()).ok(); // full: that is about to happen
    }

    /// Lets answers under way end, for at most `patience`.
    pub async fn stop(mut self, patience: Duration) {
        self.close.send_replace(true);
        if timeout(patience, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

async fn run(
    services: Services,
    closing: watch::Receiver<bool>,
    mut reloads: mpsc::Receiver<()>,
    bound: watch::Sender<Option<SocketAddr>>,
) {
    let conf = services.store.watch();
    let traffic = Traffic::default();
    let papillon = services.gateway.clone().map(|gateway| Papillon {
        gateway,
        trusted_proxies: conf.borrow().gateway.trusted_proxies.as_slice().into(),
        counts: papillon::Counts::default(),
    });
    let prepared = async {
        let tls = open_tls(&conf).await?;
        let api =
            Api::new(services, tls.clone(), traffic.clone(), papillon.clone(), closing.clone());
        let api = api.inspect_err(|error| error!("no network: {error}")).ok()?;
        let address = || (conf.borrow().server.host.clone(), conf.borrow().server.port);
        Some((tls, api, bind(address).await))
    };
    let (tls, api, listener) = tokio::select! {
        Some(prepared) = prepared => prepared,
        () = closed(closing.clone()) => return,
    };
    if let Ok(address) = listener.local_addr() {
        info!("listening on https://{address}");
        bound.send_replace(Some(address));
    }
    if let Some(code) = api.claim_code() {
        // For whoever stands at the box or reads its log. It is worth nothing once it was used.
        warn!("nobody has a password for this box yet: open its page, the claim code is {code}");
    }
    let bell = api::routes(&api).or(page::routes()).unify().boxed();
    let routes = match &papillon {
        Some(papillon) => bell.or(papillon::beside_the_box(papillon)).unify().boxed(),
        None => bell,
    };
    let routes = routes.recover(problem::recover).unify().boxed();
    let (door, stop) = (Door::Tls(tls.acceptor()), closed(closing.clone()));
    let https = server::serve(listener, door, routes, Limits::STANDARD, traffic, stop);
    let http = gateway_alone(papillon, &conf, closing);
    tokio::select! {
        ((), ()) = async { tokio::join!(https, http) } => {}
        () = keep_certificate(&tls, conf.clone(), &mut reloads) => {}
    }
}

/// Serves the gateway on its own port, where the configuration names one.
async fn gateway_alone(
    papillon: Option<Papillon>,
    conf: &watch::Receiver<Arc<Conf>>,
    closing: watch::Receiver<bool>,
) {
    let wanted = conf.borrow().gateway.listen.clone();
    let (Some(papillon), Some((host, port))) = (papillon, wanted) else { return };
    let listener = tokio::select! {
        listener = bind(|| (host.clone(), port)) => listener,
        () = closed(closing.clone()) => return,
    };
    if let Ok(address) = listener.local_addr() {
        info!("the gateway listens on http://{address}");
    }
    let routes = papillon::alone(&papillon).recover(problem::recover).unify().boxed();
    let limits = match papillon.trusted_proxies.is_empty() {
        true => Limits::GATEWAY,
        false => Limits { connections_per_peer: Limits::GATEWAY.connections, ..Limits::GATEWAY },
    };
    let traffic = Traffic::default();
    server::serve(listener, Door::Plain, routes, limits, traffic, closed(closing)).await;
}

async fn closed(mut closing: watch::Receiver<bool>) {
    drop(closing.wait_for(|closing| *closing).await);
}

async fn open_tls(conf: &watch::Receiver<Arc<Conf>>) -> Option<Tls> {
    let files = CertificateFiles::of(&conf.borrow().server);
    match spawn_blocking(move || Tls::open(&files, Timestamp::now())).await {
        Ok(Ok(tls)) => return Some(tls),
        Ok(Err(error)) => error!("no network: {error}"),
        Err(panic) => error!("no network: {panic}"),
    }
    None
}

/// The port may be in use by a service that is just ending, the address may come with the cable.
async fn bind(address: impl Fn() -> (String, u16)) -> TcpListener {
    let mut wait = Duration::from_secs(1);
    let mut told = String::new();
    loop {
        let (host, port) = address();
        match server::bind(&host, port).await {
            Ok(listener) => return listener,
            Err(error) => {
                let error = error.to_string();
                if told != error {
                    error!("{error}; trying again until it works");
                    told = error;
                }
            }
        }
        sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(30));
    }
}

/// Looks at the certificate every hour, when the configuration has changed, and when told to.
async fn keep_certificate(
    tls: &Tls,
    mut conf: watch::Receiver<Arc<Conf>>,
    reloads: &mut mpsc::Receiver<()>,
) {
    let address = |conf: &Conf| (conf.server.host.clone(), conf.server.port, conf.gateway.clone());
    let mut listening = address(&conf.borrow_and_update());
    loop {
        tokio::select! {
            () = sleep(CERTIFICATE_EVERY) => {}
            Ok(()) = conf.changed() => {}
            Some(()) = reloads.recv() => {}
        }
        let (files, wanted) = {
            let conf = conf.borrow_and_update();
            (CertificateFiles::of(&conf.server), address(&conf))
        };
        if wanted != listening {
            warn!(
                "server.host, server.port and the gateway's settings count from the next start on"
            );
            listening = wanted;
        }
        let tls = tls.clone();
        match spawn_blocking(move || tls.refresh(&files, Timestamp::now())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => error!("the certificate stays as it was: {error}"),
            Err(panic) => error!("the certificate stays as it was: {panic}"),
        }
    }
}

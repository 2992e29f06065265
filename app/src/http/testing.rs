//! For tests: a server over real TLS, and clients that trust its certificate.

use std::{net::SocketAddr, time::Duration};

use jiff::Timestamp;
use reqwest::{Client, ClientBuilder};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use tokio_rustls::rustls::{self, crypto::ring};
use warp::{filters::BoxedFilter, reply::Response};

use super::{
    server::{self, Door, Limits, Traffic},
    tls::{CertificateFiles, Tls},
};

/// Longer than anything here takes on a loaded machine.
pub const BOUND: Duration = Duration::from_secs(20);

/// A running server.
pub struct Running {
    pub address: SocketAddr,
    pub tls: Tls,
    pub files: CertificateFiles,
    pub traffic: Traffic,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    _folder: TempDir,
}

impl Running {
    pub async fn start(filter: BoxedFilter<(Response,)>, limits: Limits) -> Self {
        let _folder = TempDir::new().unwrap();
        let [chain, key] = ["cert.pem", "key.pem"].map(|name| _folder.path().join(name));
        let files = CertificateFiles { chain, key };
        let tls = Tls::open(&files, Timestamp::now()).unwrap();
        let listener = server::bind("127.0.0.1", 0).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let traffic = Traffic::default();
        let shutdown = async { stopped.await.unwrap_or(()) };
        let serving = server::serve(
            listener,
            Door::Tls(tls.acceptor()),
            filter,
            limits,
            traffic.clone(),
            shutdown,
        );
        let task = tokio::spawn(serving);
        Self { address, tls, files, traffic, stop, task, _folder }
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    /// A client that trusts this server's certificate and nothing else.
    pub fn client(&self) -> Client {
        self.client_builder().build().unwrap()
    }

    pub fn client_builder(&self) -> ClientBuilder {
        drop(ring::default_provider().install_default()); // an error where another test was first
        let served = self.tls.served();
        let der = served.certificate.key.end_entity_cert().unwrap();
        let root = reqwest::Certificate::from_der(der).unwrap();
        Client::builder().tls_certs_only([root]).no_proxy().timeout(BOUND)
    }

    /// A TLS connection with nothing said on it yet.
    pub async fn connect(
        &self,
        protocol: &str,
    ) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        let served = self.tls.served();
        roots.add(served.certificate.key.end_entity_cert().unwrap().clone()).unwrap();
        let mut config =
            rustls::ClientConfig::builder_with_provider(ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        let name = rustls::pki_types::ServerName::from(self.address.ip());
        let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
        timeout(BOUND, connector.connect(name, stream)).await.unwrap().unwrap()
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        timeout(BOUND, self.task).await.unwrap().unwrap();
    }
}

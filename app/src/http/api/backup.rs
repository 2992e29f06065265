//! `GET /api/backup`: configuration and sounds in one file, made while it is sent.

use std::{
    io::{self, BufWriter, Write},
    sync::Arc,
};

use bytes::Bytes;
use headers::HeaderValue;
use hyper::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use tokio::{sync::mpsc, task::spawn_blocking};
use tokio_stream::wrappers::ReceiverStream;
use warp::{Filter, Reply};

use super::{Answer, Api, Routes, blocking, get_or_head, other_methods, with};
use crate::{
    backup::{Plan, WriteError},
    http::problem::Problem,
};

/// Written at once.
const PART: usize = 64 * 1024;

/// Parts that wait for a slow client.
const QUEUE: usize = 4;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("backup");
    let get = path.and(get_or_head()).and(with(api)).then(get);
    get.or(path.and(other_methods("GET, HEAD"))).unify().boxed()
}

/// The configuration, the sounds, the versions of the bell tables and the calendars in one file (tar,
/// gzip). Without password, keys, sessions and journal: who finds it cannot enter.
#[utoipa::path(get, path = "/api/backup", tag = "box",
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/gzip"),
        (status = 409, description = "The sound folder holds more than a backup does", body = Problem),
    ))]
async fn get(api: Arc<Api>) -> Answer {
    let (store, folder) = (api.services.store.clone(), api.services.folder.clone());
    let plan = blocking("making a backup", move || {
        Plan::new(&store, &folder).map_err(|error| match error {
            WriteError::TooMuch => Problem::new(StatusCode::CONFLICT, error.to_string()),
            WriteError::Io(error) => Problem::internal("making a backup", error),
        })
    });
    let plan = plan.await?;
    let (parts, sent) = mpsc::channel(QUEUE);
    spawn_blocking(move || {
        let mut to = BufWriter::with_capacity(PART, Parts(parts.clone()));
        if let Err(error) = plan.write(&mut to) {
            tracing::warn!("a backup was not sent to its end: {error}");
            // The connection breaks off: nobody takes half a file for a backup.
            drop(to.into_parts());
            parts.blocking_send(Err(error)).ok();
        }
    });
    let mut response = warp::reply::stream(ReceiverStream::new(sent)).into_response();
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let name = format!("attachment; filename=\"beffroi-{day}.tar.gz\"");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/gzip"));
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Hands on what is written; fails where nobody takes it any more.
struct Parts(mpsc::Sender<io::Result<Bytes>>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(part)).map_err(|_| io::Error::other("the client has gone"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! `POST /api/restore`: what a backup holds, in force whole or not at all.

use std::{
    io::{self, Read},
    sync::{Arc, PoisonError},
};

use bytes::{Buf, Bytes};
use hyper::StatusCode;
use tokio::{sync::mpsc, task::spawn_blocking};
use warp::Filter;

use super::{Answer, Api, Routes, blocking, json, other_methods, refused, sounds::UPLOADS, with};
use crate::{
    backup::{self, Contents, MAX_BYTES, ReadError, Report},
    http::{
        body::{self, Body},
        problem::Problem,
    },
    store::RestoreError,
};

/// Parts that wait for a slow disk; of 16 KiB, mostly.
const QUEUE: usize = 16;

/// The routes of this resource.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("restore");
    let post = path.and(warp::post()).and(with(api)).and(body::raw(MAX_BYTES)).then(post);
    post.or(path.and(other_methods("POST"))).unify().boxed()
}

/// Puts what a backup holds in force: all of its configuration, and its sounds, versions of the bell
/// tables and calendars beside those that are here. The password, the certificate and who is signed
/// in stay this box's own. Nothing is replaced unless all of it is right.
#[utoipa::path(post, path = "/api/restore", tag = "box",
    request_body(content = Vec<u8>, content_type = "application/gzip"),
    responses(
        (status = 200, description = "In force; what was left out is told", body = Report),
        (status = 408, description = "Nothing more came for 10 s", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 413, description = "It is too large", body = Problem),
        (status = 415, description = "It is compressed in another way on top", body = Problem),
        (status = 422, description = "It is damaged, or no backup", body = Problem),
        (status = 503, description = "Uploads or another restore are under way", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn post(api: Arc<Api>, body: Body) -> Answer {
    body.check()?;
    let busy = |_| Problem::unavailable("uploads or another restore are under way: try again soon");
    // No sound comes in beside it, that might be one of its own.
    let all = u32::try_from(UPLOADS).unwrap_or(u32::MAX);
    let _alone = api.uploads.try_acquire_many(all).map_err(busy)?;
    let contents = receive(&api, body).await?;
    let api = api.clone();
    blocking("restoring", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let services = &api.services;
        let report =
            backup::restore(&services.store, &services.folder, contents, jiff::Timestamp::now());
        let report = report.map_err(|error| match error {
            RestoreError::Wrong(_) => Problem::field("", error),
            RestoreError::Refused(error) => refused(error),
            RestoreError::Unfinished(_) => Problem::internal("restoring", error),
        })?;
        // Sounds of the same cues may be others now.
        services.bell.configure(services.store.conf().bells.clone());
        json(StatusCode::OK, &report)
    })
    .await
}

/// Takes the file in. The network does not wait for the disk, nor the disk's thread for the network's.
async fn receive(api: &Arc<Api>, mut body: Body) -> Result<Contents, Problem> {
    let (parts, queue) = mpsc::channel::<Bytes>(QUEUE);
    let reader = api.clone();
    let reading = spawn_blocking(move || {
        let source = Parts { queue, part: Bytes::new() };
        let library = reader.services.bell.library();
        let services = &reader.services;
        backup::read(source, services.store.data(), &services.folder, |file, name| {
            library.inspect_file(file, name).map(drop).map_err(|fault| fault.reason)
        })
    });
    let mut received = Ok(());
    loop {
        match body.next().await {
            Ok(Some(part)) => {
                if parts.send(part).await.is_err() {
                    break; // the reader has ended, and says why
                }
            }
            Ok(None) => break,
            Err(problem) => {
                received = Err(problem);
                break;
            }
        }
    }
    drop(parts);
    let read = reading.await.map_err(|panic| Problem::internal("reading a backup", panic))?;
    received?;
    read.map_err(|error| match error {
        ReadError::Damaged(_) => Problem::field("", error),
        ReadError::Disk(error) => Problem::of_disk("the backup's sounds", &error),
    })
}

/// What has come, as it comes.
struct Parts {
    queue: mpsc::Receiver<Bytes>,
    part: Bytes,
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            let Some(part) = self.queue.blocking_recv() else { return Ok(0) };
            self.part = part;
        }
        let count = self.part.len().min(into.len());
        self.part.copy_to_slice(into.get_mut(..count).unwrap_or_default());
        Ok(count)
    }
}

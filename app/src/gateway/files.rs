//! What our own addresses stand for: files of the school, calendars of ours.
//!

use bytes::Bytes;
use futures_util::{Stream, stream};
use jiff::Timestamp;
use pronote_client::http::{Download, HttpError};
use tokio::time::Instant;
use tracing::warn;

use super::{
    Gateway, Refusal,
    ask::today,
    link::{Sealed, Target},
    papillon::{self, Asker, Direct},
    sessions::Visit,
};

/// A file on its way to a caller.
pub struct FileParts(Download);

impl Gateway {
    /// The file that an address of ours stands for.
    pub async fn file(&self, key: &str) -> Result<FileParts, Refusal> {
        let (gateway, sealed) = (self.clone(), self.sealed(key)?);
        let Target::File(file) = sealed.target else { return Err(Refusal::NotFound) };
        self.to_the_end(async move {
            let visit = gateway.visit(&sealed).await?;
            let client = visit.client();
            let opened = async { Ok(client.open_file(&file).await?) };
            let opened = gateway.guarded(client, opened).await;
            leave(visit).await;
            opened.map(FileParts)
        })
        .await
    }

    /// The calendar that an address of ours stands for: an iCalendar file (RFC 5545).
    pub async fn calendar(&self, key: &str) -> Result<String, Refusal> {
        let (gateway, sealed) = (self.clone(), self.sealed(key)?);
        let Target::Calendar = sealed.target else { return Err(Refusal::NotFound) };
        self.to_the_end(async move {
            let visit = gateway.visit(&sealed).await?;
            let client = visit.client();
            let asker = Asker { client, period: None, today: today(), links: &Direct };
            let written = papillon::calendar(asker, Timestamp::now());
            let written = gateway.guarded(client, written).await;
            leave(visit).await;
            written
        })
        .await
    }

    fn sealed(&self, key: &str) -> Result<Sealed, Refusal> {
        Sealed::open(self.0.sessions.seal(), key, Timestamp::now()).ok_or(Refusal::NotFound)
    }

    async fn visit(&self, sealed: &Sealed) -> Result<Visit, Refusal> {
        let until = Instant::now() + self.0.deadline;
        Ok(self.0.sessions.visit_id(&sealed.session(), until).await?)
    }
}

impl FileParts {
    /// What the school's server says that it is.
    pub fn media_type(&self) -> Option<&str> {
        self.0.media_type()
    }

    /// How long it is, where that is known.
    pub fn length_bytes(&self) -> Option<u64> {
        self.0.length_bytes()
    }

    /// Its parts as they come. A part that does not come in time ends it.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, HttpError>> + Send + 'static {
        stream::try_unfold(self.0, |mut download| async move {
            Ok(download.next().await?.map(|part| (part, download)))
        })
    }
}

/// What PRONOTE said is right, whether the session can be saved or not: the next visit sees.
pub(super) async fn leave(visit: Visit) {
    if let Err(error) = visit.leave().await {
        warn!(%error, "gateway: a session is not saved");
    }
}

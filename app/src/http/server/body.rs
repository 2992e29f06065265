//! Bodies that end when they should, and count as busy until then.
//!
//! A request's ends when nothing more comes; an answer's ends its connection's busy mark.

use std::{
    error::Error,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use hyper::body::{Body, Frame, SizeHint};
use tokio::{
    runtime::Handle,
    time::{Sleep, sleep},
};

use super::guests::Busy;

/// How long a body that nobody wants to read on is kept.
///
/// To drop it resets its HTTP/2 stream at once, and curl 7.88 (Debian 12) then forgets the answer
/// that came before, a 413 say. An HTTP/1.1 client, too, gets this long to read why.
const LINGER: Duration = Duration::from_secs(1);

/// A request's body that fails with [`Stalled`] when its sender keeps us waiting.
#[derive(Debug)]
pub struct Patient<B: Body + Send + 'static> {
    /// `None` once there is nothing more to come.
    body: Option<B>,
    patience: Duration,
    /// Runs only while we wait for the sender, not while a slow disk keeps us from reading.
    waiting: Option<Pin<Box<Sleep>>>,
}

/// Nothing came for too long.
#[derive(Debug, thiserror::Error)]
#[error("nothing more of the body came for {} s", .0.as_secs())]
pub struct Stalled(pub Duration);

/// An answer's body.
#[derive(Debug)]
pub struct Answer<B> {
    body: B,
    empty: bool,
    _busy: Busy,
}

impl<B: Body + Send + 'static> Patient<B> {
    /// Waits at most `patience` for each next part.
    pub fn new(body: B, patience: Duration) -> Self {
        let body = Some(body).filter(|body| !body.is_end_stream());
        Self { body, patience, waiting: None }
    }
}

impl<B: Body + Send + 'static> Drop for Patient<B> {
    fn drop(&mut self) {
        if let (Some(body), Ok(runtime)) = (self.body.take(), Handle::try_current()) {
            runtime.spawn(async move {
                sleep(LINGER).await;
                drop(body);
            });
        }
    }
}

impl<B> Answer<B> {
    /// `empty` for the answer to a HEAD request: HTTP/2 would send the body, though it must not.
    pub fn new(body: B, empty: bool, busy: Busy) -> Self {
        Self { body, empty, _busy: busy }
    }
}

impl<B> Body for Patient<B>
where
    B: Body + Send + Unpin + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = B::Data;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, Self::Error>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else { return Poll::Ready(None) };
        if let Poll::Ready(frame) = Pin::new(body).poll_frame(cx) {
            this.waiting = None;
            if !matches!(frame, Some(Ok(_))) {
                this.body = None;
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let patience = this.patience;
        let waiting = this.waiting.get_or_insert_with(|| Box::pin(sleep(patience)));
        waiting.as_mut().poll(cx).map(|()| Some(Err(Stalled(patience).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        if self.empty { Poll::Ready(None) } else { Pin::new(&mut self.body).poll_frame(cx) }
    }

    fn is_end_stream(&self) -> bool {
        self.empty || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.empty { SizeHint::with_exact(0) } else { self.body.size_hint() }
    }
}

//! The connection to Redis: every question has a bound, a lost server is found.
//!

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use redis::{
    ErrorKind, FromRedisValue, RedisError, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::time::timeout;

use super::{OpenError, SessionError};

/// A connection that is made when it is needed.
pub(super) struct Link {
    client: redis::Client,
    place: String,
    manager: ArcSwap<ConnectionManager>,
}

/// For a connection, and for an answer.
const STEP: Duration = Duration::from_millis(1500);
/// How often a question is asked where nothing is heard or the connection is lost. A Redis that
/// keeps each change on a slow disk is silent for two seconds at times.
const TIMES: usize = 3;
/// For a question in all.
const QUESTION: Duration = Duration::from_millis(4500);

impl Link {
    /// Nothing is asked yet: a Redis that is down comes back, and the box starts without it.
    pub(super) fn new(address: &str) -> Result<Self, OpenError> {
        // The address, and what is wrong with it, may hold a password.
        let wrong = |_| {
            OpenError("gateway.store: the address of Redis is not redis://HOST:PORT/0".to_owned())
        };
        let client = redis::Client::open(address).map_err(wrong)?;
        let place = client.get_connection_info().addr().to_string();
        let manager = ArcSwap::from_pointee(connect(&client).map_err(wrong)?);
        Ok(Self { client, place, manager })
    }

    /// Asks. A question may be carried out several times.
    pub(super) async fn ask<T: FromRedisValue>(
        &self,
        question: &ScriptInvocation<'_>,
    ) -> Result<T, SessionError> {
        let answer = timeout(QUESTION, async {
            for _ in 1..TIMES {
                match self.ask_once(question).await {
                    // It was restarted, perhaps long ago; or it stands still for a moment.
                    Err(error) if error.is_connection_dropped() || error.is_timeout() => {}
                    answer => return answer,
                }
            }
            self.ask_once(question).await
        });
        let why = match answer.await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => in_words(&error),
            Err(_) => "does not answer".to_owned(),
        };
        Err(SessionError::Unreachable(format!("Redis at {} {why}", self.place)))
    }

    async fn ask_once<T: FromRedisValue>(
        &self,
        question: &ScriptInvocation<'_>,
    ) -> Result<T, RedisError> {
        let manager = self.manager.load_full();
        let answer = question.invoke_async(&mut ConnectionManager::clone(&manager)).await;
        // A connection that hangs looks like a slow one until the kernel gives it up, which takes a
        // quarter of an hour: whatever is not Redis's own word ends it.
        if let Err(error) = &answer
            && !matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
            && let Ok(new) = connect(&self.client)
        {
            self.manager.compare_and_swap(&manager, Arc::new(new));
        }
        answer
    }
}

fn connect(client: &redis::Client) -> Result<ConnectionManager, RedisError> {
    // Each question tries again; a manager that does so by itself would let questions wait for it.
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(STEP))
        .set_response_timeout(Some(STEP))
        .set_number_of_retries(0);
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

// Redis's own sentences may repeat what it was sent.
fn in_words(error: &RedisError) -> String {
    if error.is_connection_refusal() {
        return "refuses the connection".to_owned();
    }
    if error.is_timeout() {
        return "does not answer".to_owned();
    }
    match error.code() {
        Some(code) => format!("refuses the question ({code})"),
        None => format!("cannot be used ({})", error.category()),
    }
}

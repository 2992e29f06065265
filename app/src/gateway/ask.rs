//! One question: in its session's turn, before its deadline, and to its end.
//!

use jiff::civil::Date;
use tokio::time::{Instant, timeout};
use tracing::error;

use super::{
    Base, Gateway, Question, Refusal,
    files::leave,
    link::SignedLinks,
    papillon::{Asker, Direct, Failure, Links},
    question::{Answer, json},
    sessions::{SessionId, Token, Visit},
};
use crate::store::conf::Attachments;

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passed {
    /// JSON.
    Json(Vec<u8>),
    /// The period of this name is selected from now on.
    Selected(String),
}

impl Gateway {
    /// Puts a question for whoever holds the token. `base` is where our own addresses begin.
    pub async fn ask(
        &self,
        token: &str,
        question: Question,
        base: &Base,
    ) -> Result<Passed, Refusal> {
        let token: Token = token.parse().map_err(|_| Refusal::UnknownToken)?;
        let (gateway, base) = (self.clone(), base.clone());
        let until = Instant::now() + self.0.deadline;
        self.to_the_end(async move {
            let visit = gateway.0.sessions.visit(&token, until).await?;
            gateway.put(visit, token.id(), question, &base).await
        })
        .await
    }

    /// Runs in a task of its own, so that a caller who hangs up leaves no session in mid-call. A stop
    /// that has waited long enough cuts it, and gets the session.
    pub(super) async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    ) -> Result<T, Refusal> {
        let sessions = self.0.sessions.clone();
        let work = async move {
            tokio::select! {
                done = work => done,
                () = sessions.cut() => Err(Refusal::Store),
            }
        };
        match timeout(self.0.deadline, tokio::spawn(Box::pin(work))).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => {
                error!("gateway: {panic}");
                Err(Refusal::Internal)
            }
            Err(_) => Err(Refusal::TooSlow(self.0.deadline)),
        }
    }

    async fn put(
        &self,
        mut visit: Visit,
        session: SessionId,
        question: Question,
        base: &Base,
    ) -> Result<Passed, Refusal> {
        let signed = SignedLinks::new(self.0.sessions.seal(), session, base);
        let links: &dyn Links = match self.0.attachments {
            Attachments::Direct => &Direct,
            Attachments::Proxied => &signed,
        };
        let client = visit.client();
        let asker = Asker { client, period: visit.period(), today: today(), links };
        let answer = self.guarded(client, question.put(asker)).await;
        let passed = answer.map(|answer| match answer {
            Answer::Json(json) => Passed::Json(json),
            Answer::OwnCalendar => Passed::Json(json(&signed.calendar())),
            Answer::Selected(period) => {
                visit.choose_period(Some(period.clone()));
                Passed::Selected(period)
            }
        });
        leave(visit).await;
        passed
    }

    /// Asks PRONOTE, where its host is to be asked, and learns from what it says.
    pub(super) async fn guarded<T>(
        &self,
        client: &pronote_client::Client,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Refusal> {
        let address = client.address();
        let host = address.root().host_str().unwrap_or_default();
        self.0.limits.permit_host(host).await?;
        let result = match work.await {
            Err(Failure::Pronote(error)) => Err(error),
            result => Ok(result),
        };
        self.0.limits.note(host, &result).await;
        Ok(result??)
    }
}

/// The day at school.
pub(super) fn today() -> Date {
    // Every PRONOTE school, overseas too, speaks in its own local time; France's day is the nearest.
    let now = jiff::Timestamp::now();
    match jiff::tz::TimeZone::get("Europe/Paris") {
        Ok(paris) => now.to_zoned(paris).date(),
        Err(_) => now.to_zoned(jiff::tz::TimeZone::system()).date(),
    }
}

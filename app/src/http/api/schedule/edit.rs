//! A change of the tables that is asked for: who, what for, and of what it was.
//!

use hyper::StatusCode;
use serde_json::Value;
use warp::{Filter, Rejection};

use super::{
    Answer, Api, Arc, Problem, Query, author, change, note, refusal, tag_of, tagged,
    wanted::{Wanted, wanted},
    with,
};
use crate::store::Note;

/// What a request for a change says beside its body.
pub struct Edit {
    api: Arc<Api>,
    by: String,
    query: Query,
    wanted: Wanted,
}

/// Takes it out of a request.
pub fn edit(api: &Arc<Api>) -> impl Filter<Extract = (Edit,), Error = Rejection> + Clone + use<> {
    let asked = with(api).and(author(api)).and(warp::query()).and(wanted());
    asked.map(|api, by, query, wanted| Edit { api, by, query, wanted })
}

impl Edit {
    /// Changes what `read` finds in the tables, if it is as it was wanted, and shows it as it is
    /// then.
    pub async fn of(
        self,
        what: &'static str,
        read: impl Fn(&Api) -> Value + Send + 'static,
        put: impl FnOnce(&mut Value) + Send + 'static,
    ) -> Answer {
        self.alone(move |api, wanted, note| {
            wanted.check(Some(&tag_of(&read(api))), what)?;
            apply(api, note, put)?;
            let now = read(api);
            tagged(StatusCode::OK, &now, tag_of(&now))
        })
        .await
    }

    /// Does a work under the lock of changes.
    pub async fn alone(
        self,
        work: impl FnOnce(&Api, &Wanted, &Note) -> Answer + Send + 'static,
    ) -> Answer {
        let (wanted, note) = (self.wanted, note(self.by, &self.query)?);
        change(self.api, move |api| work(api, &wanted, &note)).await
    }
}

/// Changes the tables. Under the lock of changes.
pub fn apply(api: &Api, note: &Note, put: impl FnOnce(&mut Value)) -> Result<(), Problem> {
    let put = |schedule: &mut Value| {
        put(schedule);
        Ok(())
    };
    api.services.store.change_schedule(note, put).map(drop).map_err(refusal)
}

//! What the callers of the soak ask, and what they make of the answers.

use std::{sync::atomic::Ordering, time::Instant};

use serde_json::{Value, json};

use super::{ROUTES, Session, Soak};

/// What came of a call.
pub enum Outcome {
    Answer(Value),
    /// Its gateway was killed meanwhile.
    Cut,
    Wrong,
}

impl Soak {
    /// Asks as many users do, each for what is theirs.
    pub async fn work(&self, until: Instant) {
        while Instant::now() < until {
            let session = &self.sessions[self.random(self.sessions.len())];
            let (door, route) = (self.random(2), self.random(ROUTES.len()));
            match session.periods.try_lock() {
                Ok(mut periods) if self.random(4) == 0 => {
                    self.select(door, session, self.random(self.periods.len()), &mut periods).await;
                }
                Ok(mut periods) => self.read(door, session, route, &mut periods).await,
                // Another call of the session is under way, as apps do it: it may select any.
                Err(_) => self.read(door, session, route, &mut vec![0, 1, 2]).await,
            }
        }
    }

    pub async fn read(
        &self,
        door: usize,
        session: &Session,
        route: usize,
        periods: &mut Vec<usize>,
    ) {
        let Outcome::Answer(answer) = self.ask(door, session, route).await else { return };
        let is_right =
            |period: &usize| self.expected.get(&(session.account, *period, route)) == Some(&answer);
        let right: Vec<_> = periods.iter().copied().filter(is_right).collect();
        match right.is_empty() {
            true => self.wrong(self.confusion(session, route, periods, &answer)),
            false => *periods = right,
        }
    }

    /// Whose answer it is instead.
    fn confusion(
        &self,
        session: &Session,
        route: usize,
        periods: &[usize],
        answer: &Value,
    ) -> String {
        let whose =
            self.expected.iter().filter(|((_, _, of), known)| *of == route && *known == answer);
        let whose: Vec<_> = whose.map(|((account, period, _), _)| (account, period)).collect();
        let account = session.account;
        format!("{}: of {whose:?}, not of {account} in {periods:?}", ROUTES[route])
    }

    pub async fn select(
        &self,
        door: usize,
        session: &Session,
        period: usize,
        periods: &mut Vec<usize>,
    ) {
        let name = &self.periods[period];
        let body = json!({ "token": session.token, "periodName": name });
        match self.call(door, "changePeriod", Some(&body)).await {
            Outcome::Answer(answer) if answer["period"] == **name => *periods = vec![period],
            Outcome::Answer(answer) => self.wrong(format!("changePeriod: {answer}")),
            Outcome::Cut if !periods.contains(&period) => periods.push(period),
            Outcome::Cut | Outcome::Wrong => {}
        }
    }

    /// Asks for something of a session, without what differs from login to login.
    pub async fn ask(&self, door: usize, session: &Session, route: usize) -> Outcome {
        let route = ROUTES[route];
        let sign = if route.contains('?') { '&' } else { '?' };
        let path = format!("{route}{sign}token={}&allPeriods=false", session.token);
        match self.call(door, &path, None).await {
            Outcome::Answer(mut answer) => {
                forget_ids(&mut answer);
                Outcome::Answer(answer)
            }
            outcome => outcome,
        }
    }

    async fn call(&self, door: usize, path: &str, body: Option<&Value>) -> Outcome {
        // While one is down, its callers are sent to the other.
        let (door, url, kills) = [door, 1 - door]
            .into_iter()
            .find_map(|door| {
                let kills = self.doors[door].kills.load(Ordering::SeqCst);
                let url = self.doors[door].url.read().unwrap().clone()?;
                Some((door, format!("{url}/{path}"), kills))
            })
            .expect("one of them is up");
        let started = Instant::now();
        let answer = match body {
            Some(body) => self.caller.post(&url, body).await,
            None => self.caller.get(&url).await,
        };
        let took = started.elapsed();
        self.tally.lock().unwrap().took.push(took);
        let route = path.split('?').next().unwrap_or_default();
        match answer {
            Ok((200, answer)) => return Outcome::Answer(answer),
            Ok((status, answer)) => self.wrong(format!("{route}: {status} {answer}")),
            Err(_) if self.doors[door].kills.load(Ordering::SeqCst) != kills => {
                self.tally.lock().unwrap().cut += 1;
                return Outcome::Cut;
            }
            Err(error) => self.wrong(format!("{route}: {error:?}")),
        }
        Outcome::Wrong
    }
}

/// Addresses of photos are of one session, and so are the ids of marks that look the same.
fn forget_ids(answer: &mut Value) {
    match answer {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "id" && name != "profile_picture");
            fields.values_mut().for_each(forget_ids);
        }
        Value::Array(list) => list.iter_mut().for_each(forget_ids),
        _ => {}
    }
}

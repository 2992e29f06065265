//! Counts and breakers that several gateways share, in Redis.
//!
//! Redis tells the time, so that instances need not agree on it. A Redis that is away, or slow,
//! is not waited for: each instance then goes by what it knows itself. Keys begin with `beffroi:`;
//! of accounts and addresses there are marks only.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use redis::{
    Client, RedisResult, Script, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::time::{Instant, timeout};

use super::{
    breaker::{Breaker, Cause, DAY, TRIAL},
    failures::HOUR,
    mark::Mark,
    wait::{Wait, WaitFor},
};

/// What is shared.
pub struct Shared {
    connection: ConnectionManager,
    scripts: Scripts,
    away_until: Mutex<Option<Instant>>,
}

/// Who logs in: marks, their budgets, and the id of this login.
pub struct Login<'a> {
    /// The account, and its failed logins an hour.
    pub account: (&'a Mark, usize),
    /// The caller's address, and its.
    pub address: (&'a Mark, usize),
    /// Of this login alone.
    pub id: u64,
}

struct Scripts {
    reserve: Script,
    add: Script,
    take_back: Script,
    open: Script,
    list: Script,
    try_it: Script,
    close: Script,
}

/// For any answer of Redis.
const PATIENCE: Duration = Duration::from_millis(300);
/// Between attempts, while it is away.
const PAUSE: Duration = Duration::from_secs(1);

const BREAKERS: &str = "beffroi:breakers";

const NOW: &str = "
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
";

// KEYS: account, address. ARGV: their budgets, how long a failure counts, the login's id.
const RESERVE: &str = "
    for i = 1, 2 do
        redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
        local excess = redis.call('ZCARD', KEYS[i]) - ARGV[i]
        if excess >= 0 then
            local due = redis.call('ZRANGE', KEYS[i], excess, excess, 'WITHSCORES')
            return {i, due[2] - now}
        end
    end
    redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[4])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return {0, 0}
";

const ADD: &str = "
    redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
";

// KEYS: account. ARGV: the login's id, or none for all of them.
const TAKE_BACK: &str = "
    if ARGV[1] then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('DEL', KEYS[1]) end
";

// KEYS: breakers, trial. ARGV: host, its time from now, cause, trips.
const OPEN: &str = "
    local due = now + ARGV[2]
    local known = redis.call('HGET', KEYS[1], ARGV[1])
    if not known or tonumber(string.match(known, '^%d+')) < due then
        local state = string.format('%.0f %s %s', due, ARGV[3], ARGV[4])
        redis.call('HSET', KEYS[1], ARGV[1], state)
    end
    redis.call('DEL', KEYS[2])
";

// KEYS: breakers. ARGV: how long one is remembered.
const LIST: &str = "
    local found = {}
    local all = redis.call('HGETALL', KEYS[1])
    for i = 1, #all, 2 do
        local due, cause, trips = string.match(all[i + 1], '^(%d+) (%a+) (%d+)$')
        if due and due - now > -ARGV[1] then
            found[#found + 1] = {all[i], due - now, cause, tonumber(trips)}
        else
            redis.call('HDEL', KEYS[1], all[i])
        end
    end
    return found
";

// KEYS: trial. ARGV: the time that it has.
const TRY: &str = "return redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) and 1 or 0";

// KEYS: breakers, trial. ARGV: host where it is well, none where that is unknown.
const CLOSE: &str = "
    redis.call('DEL', KEYS[2])
    if ARGV[1] then redis.call('HDEL', KEYS[1], ARGV[1]) end
";

impl Shared {
    /// At an address; the connection is made when it is needed. Within a tokio runtime only.
    pub fn open(address: &str) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(10))
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let client = Client::open(address)?;
        Ok(Self {
            connection: ConnectionManager::new_lazy_with_config(client, config)?,
            scripts: Scripts::new(),
            away_until: Mutex::default(),
        })
    }

    /// Counts a login against its account until it is known how it ends; nothing is counted where
    /// there is a wait. `None`: Redis is away.
    pub async fn reserve(&self, login: &Login<'_>) -> Option<Result<(), Wait>> {
        let mut call = self.scripts.reserve.key(key(login.account.0));
        call.key(key(login.address.0)).arg(login.account.1).arg(login.address.1);
        call.arg(milliseconds(HOUR)).arg(login.id);
        let (which, wait): (u8, u64) = self.ask(&call).await?;
        let time = Duration::from_millis(wait);
        Some(match which {
            0 => Ok(()),
            1 => Err(Wait { time, reason: WaitFor::FailedLogins }),
            _ => Err(Wait { time, reason: WaitFor::FailedLoginsOfAddress }),
        })
    }

    /// Counts a failed login against an address.
    pub async fn add(&self, address: &Mark, id: u64) {
        let mut call = self.scripts.add.key(key(address));
        self.tell(call.arg(milliseconds(HOUR)).arg(id)).await;
    }

    /// Takes back what was reserved for one login, or all that is counted of the account.
    pub async fn take_back(&self, account: &Mark, id: Option<u64>) {
        let mut call = self.scripts.take_back.key(key(account));
        if let Some(id) = id {
            call.arg(id);
        }
        self.tell(&call).await;
    }

    /// Tells the others of an open breaker: whether they could be told.
    pub async fn open_breaker(&self, host: &str, breaker: &Breaker) -> bool {
        let left = breaker.until.saturating_duration_since(Instant::now());
        let mut call = self.scripts.open.key(BREAKERS);
        call.key(trial(host)).arg(host).arg(milliseconds(left));
        self.tell(call.arg(breaker.cause.word()).arg(breaker.trips)).await
    }

    /// The breakers of all instances. `None`: Redis is away.
    pub async fn breakers(&self) -> Option<Vec<(String, Breaker)>> {
        let mut call = self.scripts.list.key(BREAKERS);
        let all: Vec<(String, i64, String, u32)> = self.ask(call.arg(milliseconds(DAY))).await?;
        let now = Instant::now();
        let breaker = |(host, left, cause, trips): (String, i64, String, u32)| {
            let time = Duration::from_millis(left.unsigned_abs());
            let until = if left < 0 { now.checked_sub(time)? } else { now + time };
            Some((host, Breaker::known_to_all(Cause::of_word(&cause)?, until, trips)))
        };
        Some(all.into_iter().filter_map(breaker).collect())
    }

    /// Whether this instance is the one that may try a host. `None`: Redis is away.
    pub async fn try_host(&self, host: &str) -> Option<bool> {
        let mut call = self.scripts.try_it.key(trial(host));
        let first: u8 = self.ask(call.arg(milliseconds(TRIAL))).await?;
        Some(first == 1)
    }

    /// Ends a trial; and the breaker, where the host is well.
    pub async fn end_trial(&self, host: &str, well: bool) {
        let mut call = self.scripts.close.key(BREAKERS);
        call.key(trial(host));
        if well {
            call.arg(host);
        }
        self.tell(&call).await;
    }

    async fn tell(&self, call: &ScriptInvocation<'_>) -> bool {
        self.ask::<()>(call).await.is_some()
    }

    async fn ask<T: redis::FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Option<T> {
        let away = || self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        if away().is_some_and(|until| until > Instant::now()) {
            return None;
        }
        let mut connection = self.connection.clone();
        let answer = timeout(PATIENCE, call.invoke_async(&mut connection)).await;
        let problem = match answer {
            Ok(Ok(answer)) => {
                if away().take().is_some() {
                    tracing::info!("Redis is back: limits are shared again");
                }
                return Some(answer);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        if away().replace(Instant::now() + PAUSE).is_none() {
            tracing::warn!(problem, "Redis is away: limits are this instance's own for now");
        }
        None
    }
}

impl Scripts {
    fn new() -> Self {
        let timed = |text: &str| Script::new(&format!("{NOW}{text}"));
        Self {
            reserve: timed(RESERVE),
            add: timed(ADD),
            take_back: Script::new(TAKE_BACK),
            open: timed(OPEN),
            list: timed(LIST),
            try_it: Script::new(TRY),
            close: Script::new(CLOSE),
        }
    }
}

fn key(mark: &Mark) -> String {
    format!("beffroi:failed-logins:{mark}")
}

fn trial(host: &str) -> String {
    format!("beffroi:trial:{host}")
}

fn milliseconds(time: Duration) -> u64 {
    time.as_millis().try_into().unwrap_or(u64::MAX)
}

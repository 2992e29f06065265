//! What Redis does in one step: taking a session, saving it, keeping a token.
//!
//! A session is a hash: `value` (sealed), `saved` (the tag that saved it), `since` (the tags that
//! have taken it since, in order), `token` (sealed, newer than the value). Beside it: a lock that
//! ends by itself, a mark that outlives the session, and a set of all sessions by when they end.
//! The lock is for waiting; what may be saved is decided by `since`.

/// KEYS: session, lock, mark, all. ARGV: tag, lease, life, the mark's life (all in ms).
const COMMON: &str = r"
local session, lock, mark, all = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local tag, lease, life = ARGV[1], ARGV[2], ARGV[3]
local function now()
    local t = redis.call('TIME')
    return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function lives()
    redis.call('PEXPIRE', session, life)
    redis.call('SET', mark, '', 'PX', ARGV[4])
    redis.call('ZADD', all, now() + life, session)
end
local function is_last(since)
    return since and string.sub(since, -#tag) == tag
end
";

/// ARGV: …, value.
const CREATE: &str = r"
redis.call('HSET', session, 'value', ARGV[5], 'saved', tag)
lives()
redis.call('ZREMRANGEBYSCORE', all, '-inf', now())
return 1
";

/// ARGV: …, the tag under which the caller used the session last, tags that it never used.
/// Gives a word, the value where the caller does not have it, and a token that is newer.
const TAKE: &str = r"
local saved, since = unpack(redis.call('HMGET', session, 'saved', 'since'))
if not saved then
    return {redis.call('EXISTS', mark) == 1 and 'expired' or 'nobody', '', ''}
end
local known, unused = ARGV[5], {}
for i = 6, #ARGV do unused[ARGV[i]] = true end
local holder = redis.call('GET', lock)
if holder and holder ~= tag and holder ~= known and not unused[holder] then
    return {'held', '', ''}
end
local last = saved
for other in string.gmatch(since or '', '%S+') do
    if other ~= tag and not unused[other] then last = other end
end
redis.call('SET', lock, tag, 'PX', lease)
if not is_last(since) then redis.call('HSET', session, 'since', (since or '') .. ' ' .. tag) end
lives()
if last == known then return {'known', '', ''} end
local word = last == saved and 'stored' or 'doubtful'
return {word, redis.call('HGET', session, 'value'), redis.call('HGET', session, 'token') or ''}
";

/// ARGV: …, value. A session that the store has lost meanwhile is there again.
const SAVE: &str = r"
local saved, since = unpack(redis.call('HMGET', session, 'saved', 'since'))
if saved == tag and not since then return 1 end
if saved and not is_last(since) then return 0 end
redis.call('HSET', session, 'value', ARGV[5], 'saved', tag)
redis.call('HDEL', session, 'since', 'token')
lives()
if redis.call('GET', lock) == tag then redis.call('DEL', lock) end
return 1
";

/// The holder is still there.
const HOLD: &str = r"
if not is_last(redis.call('HGET', session, 'since')) then return 0 end
redis.call('SET', lock, tag, 'PX', lease)
lives()
return 1
";

/// ARGV: …, token.
const KEEP: &str = r"
if not is_last(redis.call('HGET', session, 'since')) then return 0 end
redis.call('HSET', session, 'token', ARGV[5])
return 1
";

const COUNT: &str = r"
redis.call('ZREMRANGEBYSCORE', all, '-inf', now())
return redis.call('ZCARD', all)
";

/// The scripts, hashed once.
pub(super) struct Scripts {
    pub(super) create: redis::Script,
    pub(super) take: redis::Script,
    pub(super) save: redis::Script,
    pub(super) hold: redis::Script,
    pub(super) keep: redis::Script,
    pub(super) count: redis::Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        let script = |own: &str| redis::Script::new(&format!("{COMMON}{own}"));
        Self {
            create: script(CREATE),
            take: script(TAKE),
            save: script(SAVE),
            hold: script(HOLD),
            keep: script(KEEP),
            count: script(COUNT),
        }
    }
}

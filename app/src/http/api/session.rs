//! `/api/session`, `/api/claim`, `/api/password`: how people get in by the page.

use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError},
};

use headers::{HeaderMap, HeaderValue};
use hyper::{StatusCode, header::SET_COOKIE};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;
use warp::{Filter, Reply};

use super::{Answer, Api, Routes, blocking, get_or_head, json, other_methods, refused, with};
use crate::http::{
    auth::{self, User},
    body, guard,
    problem::Problem,
};

/// What a new password has at least.
const PASSWORD_CHARS: usize = 8;

/// The routes that nobody has to be signed in for.
pub fn public_routes(api: &Arc<Api>) -> Routes {
    let (session, claim) = (warp::path!("session"), warp::path!("claim"));
    let caller = || warp::ext::get::<SocketAddr>().and(with(api)).and(body::json());
    let headers = guard::headers_with_host;
    let shown = session.and(get_or_head()).and(with(api)).and(headers());
    let shown = shown.map(|api: Arc<Api>, headers| get(&api, &headers));
    let sign_in = session.and(warp::post()).and(guard::our_pages_only()).and(caller());
    let sign_in = sign_in.then(sign_in_now);
    let out = session.and(warp::delete()).and(guard::our_pages_only()).and(with(api));
    let out = out.and(headers()).map(|api: Arc<Api>, headers| sign_out(&api, &headers));
    let claimed = claim.and(warp::post()).and(guard::our_pages_only()).and(caller());
    let claimed = claimed.then(claim_now);
    let other = session.and(other_methods("GET, HEAD, POST, DELETE"));
    let other_claim = claim.and(other_methods("POST"));
    let session = shown.or(sign_in).unify().or(out).unify();
    session.or(claimed).unify().or(other).unify().or(other_claim).unify().boxed()
}

/// The routes for who is signed in.
pub fn routes(api: &Arc<Api>) -> Routes {
    let path = warp::path!("password");
    let caller = warp::ext::get::<SocketAddr>().and(guard::headers_with_host());
    let put = path.and(warp::put()).and(caller).and(api.auth.user()).and(with(api));
    let put = put.and(body::json()).then(password);
    put.or(path.and(other_methods("PUT"))).unify().boxed()
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct Session {
    /// The user, or `null`.
    #[schema(example = "admin")]
    user: Option<String>,
    /// `false` on a new box: `/api/claim` sets its first password.
    claimed: bool,
}

/// What signs in.
#[derive(Deserialize, ToSchema)]
struct Credentials {
    #[schema(example = "admin")]
    username: String,
    password: String,
}

/// What makes a new box somebody's.
#[derive(Deserialize, ToSchema)]
struct Claim {
    /// The code that the program has printed.
    #[schema(example = "8K2M-QX0T")]
    code: String,
    /// The admin password from now on, at least 8 characters.
    password: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
struct NewPassword {
    /// The one until now.
    current: String,
    /// The one from now on, at least 8 characters.
    password: String,
}

/// Who is signed in by the cookie of this request.
#[utoipa::path(get, path = "/api/session", tag = "session", security(()),
    responses((status = 200, description = "Who is signed in", body = Session)))]
fn get(api: &Api, headers: &HeaderMap) -> Answer {
    let claimed = api.auth.claim_code().is_none();
    let user = api.auth.signed_in(headers).map(|User(name)| name);
    json(StatusCode::OK, &Session { user, claimed })
}

/// Signs a browser in: the cookie ends after twelve hours without use, and after thirty days.
#[utoipa::path(post, path = "/api/session", tag = "session", security(()),
    request_body = Credentials,
    responses(
        (status = 200, description = "Signed in; the cookie says so from now on", body = Session),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 401, description = "The user name or the password is wrong", body = Problem),
        (status = 403, description = "A page of another site asked for it", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "A field is missing", body = Problem),
        (status = 429, description = "Too many attempts at once", body = Problem),
    ))]
async fn sign_in_now(peer: SocketAddr, api: Arc<Api>, body: Result<Value, Problem>) -> Answer {
    let Credentials { username, password } = read(body?)?;
    let cookie = api.auth.sign_in(peer.into(), &username, &password).await?;
    signed_in(username, cookie)
}

/// Signs this browser out.
#[utoipa::path(delete, path = "/api/session", tag = "session", security(()),
    responses(
        (status = 204, description = "Signed out"),
        (status = 403, description = "A page of another site asked for it", body = Problem),
    ))]
fn sign_out(api: &Api, headers: &HeaderMap) -> Answer {
    let cookie = api.auth.sign_out(headers);
    Ok(with_cookie(StatusCode::NO_CONTENT.into_response(), cookie))
}

/// Sets the first password of a new box, for who has read the code that the program prints.
#[utoipa::path(post, path = "/api/claim", tag = "session", security(()), request_body = Claim,
    responses(
        (status = 200, description = "It is yours, and you are signed in", body = Session),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 403, description = "A page of another site asked for it", body = Problem),
        (status = 409, description = "The box has a password already, or conf.json is being edited by hand", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "The code or the password is wrong", body = Problem),
        (status = 429, description = "Too many attempts at once", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn claim_now(peer: SocketAddr, api: Arc<Api>, body: Result<Value, Problem>) -> Answer {
    let Claim { code, password } = read(body?)?;
    let taken = || {
        let detail = "this box has a password already: sign in with it";
        Problem::new(StatusCode::CONFLICT, detail)
    };
    if api.auth.claim_code().is_none() {
        return Err(taken());
    }
    api.auth.check_claim(peer.into(), &code).await?;
    let claimed = api.clone();
    set(&api, password, move || claimed.auth.claim_code().map(drop).ok_or_else(taken)).await?;
    signed_in(api.services.store.conf().auth.username.clone(), api.auth.open_session()?)
}

/// Sets another password. Every other browser is signed out.
#[utoipa::path(put, path = "/api/password", tag = "session", request_body = NewPassword,
    responses(
        (status = 204, description = "The new one counts"),
        (status = 400, description = "The body is not JSON", body = Problem),
        (status = 409, description = "conf.json is being edited by hand", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "The body says that it is not JSON", body = Problem),
        (status = 422, description = "The current password is wrong, or the new one too short", body = Problem),
        (status = 429, description = "Too many attempts at once", body = Problem),
        (status = 507, description = "The disk is full or read-only", body = Problem),
    ))]
async fn password(
    peer: SocketAddr,
    headers: HeaderMap,
    User(user): User,
    api: Arc<Api>,
    body: Result<Value, Problem>,
) -> Answer {
    let NewPassword { current, password } = read(body?)?;
    match api.auth.sign_in(peer.into(), &user, &current).await {
        Err(problem) if problem.is_unauthorized() => {
            return Err(Problem::field("current", "that is not the password until now"));
        }
        other => drop(other?),
    }
    set(&api, password, || Ok(())).await?;
    let done = StatusCode::NO_CONTENT.into_response();
    match auth::carried(&headers) {
        true => Ok(with_cookie(done, api.auth.open_session()?)),
        false => Ok(done),
    }
}

/// Writes a password, where `allowed` still says so when its turn has come.
async fn set(
    api: &Arc<Api>,
    password: String,
    allowed: impl FnOnce() -> Result<(), Problem> + Send + 'static,
) -> Result<(), Problem> {
    if password.chars().count() < PASSWORD_CHARS {
        let short = format!("at least {PASSWORD_CHARS} characters are wanted");
        return Err(Problem::field("password", short));
    }
    let api = api.clone();
    blocking("setting the password", move || {
        let _alone = api.changing.lock().unwrap_or_else(PoisonError::into_inner);
        allowed()?;
        api.services.store.set_password(&password).map_err(refused)
    })
    .await
}

/// Says which field is missing, and never what a field holds.
fn read<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    T::deserialize(body).map_err(|error| match error.to_string() {
        missing if missing.starts_with("missing field") => Problem::field("", missing),
        _ => Problem::field("", "the body is no object whose fields are text"),
    })
}

fn signed_in(user: String, cookie: HeaderValue) -> Answer {
    let answer = json(StatusCode::OK, &Session { user: Some(user), claimed: true })?;
    Ok(with_cookie(answer, cookie))
}

fn with_cookie(mut response: warp::reply::Response, cookie: HeaderValue) -> warp::reply::Response {
    response.headers_mut().insert(SET_COOKIE, cookie);
    response
}

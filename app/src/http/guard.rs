//! What other web pages may not do here, and what our answers tell browsers.
//!
//! A browser that has signed in sends the password along with whatever any page makes it ask for.

use std::convert::Infallible;

use headers::HeaderMap;
use hyper::{
    Method, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN},
};
use warp::{Filter, Rejection, reply::Response};

use super::problem::Problem;

/// Refuses, with 403, what a browser says comes from another site.
///
/// Programs send none of these headers and pass; so does an address that somebody typed.
pub fn our_pages_only() -> impl Filter<Extract = (), Error = Rejection> + Clone {
    let checked = warp::header::headers_cloned().and(warp::host::optional()).and_then(
        |headers: HeaderMap, host: Option<warp::host::Authority>| async move {
            match comes_from_elsewhere(&headers, host.as_ref().map(|host| host.as_str())) {
                Some(elsewhere) => Err(Rejection::from(elsewhere)),
                None => Ok(()),
            }
        },
    );
    checked.untuple_one()
}

/// [`our_pages_only`] for every method but those that only read.
pub fn unsafe_methods() -> impl Filter<Extract = (), Error = Rejection> + Clone {
    let reads = warp::method().and_then(|method: Method| async move {
        match method {
            Method::GET | Method::HEAD | Method::OPTIONS => Ok(()),
            _ => Err(warp::reject()),
        }
    });
    reads.untuple_one().or(our_pages_only()).unify()
}

/// A request's headers, `Host` among them also where HTTP/2 has it elsewhere.
pub fn headers_with_host() -> impl Filter<Extract = (HeaderMap,), Error = Infallible> + Clone {
    // One that contradicts itself is none.
    let host = warp::host::optional().or(warp::any().map(|| None)).unify();
    warp::header::headers_cloned().and(host).map(
        |mut headers: HeaderMap, host: Option<warp::host::Authority>| {
            let host = host.and_then(|host| HeaderValue::try_from(host.as_str()).ok());
            match host {
                Some(host) => drop(headers.insert(HOST, host)),
                None => drop(headers.remove(HOST)),
            }
            headers
        },
    )
}

/// Whether a browser says that it sends this for another site's page. Our cookie is worth nothing
/// then, not even to read.
pub fn is_from_another_site(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    comes_from_elsewhere(headers, host).is_some()
}

/// Whether a script of a page asks, and not a person who opens an address, nor a program.
pub fn is_asked_by_a_script(headers: &HeaderMap) -> bool {
    let aim = headers.get("sec-fetch-dest").map(HeaderValue::as_bytes);
    aim.is_some_and(|aim| aim != b"document")
}

/// Adds what every answer of the API carries.
///
/// No Strict-Transport-Security: with a self-signed certificate it takes away the button by which
/// the technician goes on, and there is no plain HTTP here that it could protect from.
pub fn harden(mut response: Response) -> Response {
    const ALWAYS: [(HeaderName, &str); 3] = [
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("referrer-policy"), "no-referrer"),
    ];
    const UNLESS_SET: [(HeaderName, &str); 2] = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SET {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn comes_from_elsewhere(headers: &HeaderMap, host: Option<&str>) -> Option<Problem> {
    let refused = || {
        let detail = "a page of another site may not do this; open the box's own page instead";
        Some(Problem::new(StatusCode::FORBIDDEN, detail))
    };
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => return None,
        Some(_) => return refused(), // cross-site, and same-site: a neighbour in the school's domain
        None => {}
    }
    // Browsers from before 2023 may send only where a request comes from.
    let origin = headers.get(ORIGIN)?;
    let ours = origin.to_str().ok().and_then(|origin| origin.strip_prefix("https://"));
    if ours.is_some() && ours == host { None } else { refused() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_page_acts() {
        for (header, value, passes) in [
            ("accept", "*/*", true),
            ("sec-fetch-site", "same-origin", true),
            ("sec-fetch-site", "none", true),
            ("sec-fetch-site", "cross-site", false),
            ("sec-fetch-site", "same-site", false),
            ("sec-fetch-site", "tomorrow's word", false),
            ("origin", "https://box:8443", true),
            ("origin", "https://box", false),
            ("origin", "http://box:8443", false),
            ("origin", "https://evil.example", false),
            ("origin", "null", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header, value.parse().unwrap());
            let refused = comes_from_elsewhere(&headers, Some("box:8443"));
            assert_eq!(refused.is_none(), passes, "{header}: {value}");
        }
    }
}

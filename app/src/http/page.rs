//! The page at `/`, and what it is made of under `/ui/`.
//!
//! Embedded as Vite built it, packed ahead: nothing is read from disk and nothing packed per request.
//! Names under `/ui/assets/` hold a digest of what is in them, so browsers may keep them for ever.

use headers::{HeaderMap, HeaderValue};
use hyper::{
    Method, StatusCode,
    header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        ETAG, HeaderName, IF_NONE_MATCH, VARY,
    },
};
use warp::{
    Filter, Reply,
    filters::{BoxedFilter, path::FullPath},
    reply::Response,
};

use super::{guard, problem::Problem};

/// One file of the page.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Its address.
    path: &'static str,
    media_type: &'static str,
    /// Its digest, in quotes.
    etag: &'static str,
    plain: &'static [u8],
    /// Where packing it is worth it.
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

// FILES: what `make web` has built; without it, a page that says how to.
include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Only what the box itself serves runs or shows, and nobody frames it. Sounds are heard from memory.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      media-src 'self' blob:; connect-src 'self'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// Where the viewer of the API's description is served.
const DOCS: &str = "/api/docs";

/// `/` and everything under `/ui`; any other address is left to others.
pub fn routes() -> BoxedFilter<(Response,)> {
    routes_of(FILES)
}

/// The viewer of the API's description, where the page was built. Who may see it is decided by others.
pub fn docs(headers: &HeaderMap) -> Option<Response> {
    FILES.iter().any(|file| file.path == DOCS).then(|| answer(FILES, DOCS, headers))
}

fn routes_of(files: &'static [File]) -> BoxedFilter<(Response,)> {
    let ours = warp::path::full().and_then(|path: FullPath| async move {
        let path = path.as_str();
        match path == "/" || path == "/ui" || path.starts_with("/ui/") {
            true => Ok(path.to_owned()),
            false => Err(warp::reject()),
        }
    });
    let asked = ours.and(warp::method()).and(warp::header::headers_cloned());
    let answered = asked.map(|path: String, method: Method, headers: HeaderMap| match method {
        Method::GET | Method::HEAD => answer(files, &path, &headers),
        _ => Problem::method_not_allowed("GET, HEAD").into_response(),
    });
    answered.map(guard::harden).boxed()
}

fn answer(files: &[File], path: &str, headers: &HeaderMap) -> Response {
    let path = if path == "/ui" || path == "/ui/" { "/" } else { path };
    let Some(file) = files.iter().find(|file| file.path == path) else {
        return Problem::not_found("the page has no such part: load it anew").into_response();
    };
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let mut response = if header(IF_NONE_MATCH).is_some_and(|tags| tags.contains(file.etag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (encoding, bytes) = file.packed(header(ACCEPT_ENCODING).unwrap_or_default());
        let mut response = bytes.into_response();
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding);
            response.headers_mut().insert(CONTENT_ENCODING, encoding);
        }
        response
    };
    let kept = match path.starts_with("/ui/assets/") {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    for (name, value) in [
        (CONTENT_TYPE, file.media_type),
        (CACHE_CONTROL, kept),
        (CONTENT_SECURITY_POLICY, POLICY),
        (ETAG, file.etag),
        (VARY, "accept-encoding"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

impl File {
    /// The smallest that a browser takes, and how it is packed.
    fn packed(&self, accepted: &str) -> (Option<&'static str>, &'static [u8]) {
        let takes = |name: &str| accepted.split(',').any(|one| takes(one, name));
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if takes("br") => (Some("br"), bytes),
            (_, Some(bytes)) if takes("gzip") => (Some("gzip"), bytes),
            _ => (None, self.plain),
        }
    }
}

/// Whether one word of `Accept-Encoding` is this one, and is not said to be unwanted (RFC 9110, 12.5.3).
fn takes(word: &str, name: &str) -> bool {
    let (word, weight) = word.split_once(';').unwrap_or((word, ""));
    let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
    word.trim().eq_ignore_ascii_case(name) && weight.unwrap_or(1.0_f32) > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{server::Limits, testing::Running};

    const PAGE: &[File] = &[
        File {
            path: "/",
            media_type: "text/html; charset=utf-8",
            etag: "\"a\"",
            plain: b"page",
            gzip: None,
            brotli: None,
        },
        File {
            path: "/ui/assets/index-abc.js",
            media_type: "text/javascript; charset=utf-8",
            etag: "\"b\"",
            plain: b"plain",
            gzip: Some(b"gzip"),
            brotli: Some(b"brotli"),
        },
    ];

    #[test]
    fn a_file_comes_packed_as_its_browser_takes_it() {
        for (accepted, encoding, bytes) in [
            ("gzip, deflate, br, zstd", Some("br"), "brotli"),
            ("gzip, deflate", Some("gzip"), "gzip"),
            ("br;q=0, gzip;q=0.5", Some("gzip"), "gzip"),
            ("identity", None, "plain"),
            ("brotli", None, "plain"),
        ] {
            let [page, part] = PAGE else { unreachable!("two files") };
            assert_eq!(part.packed(accepted), (encoding, bytes.as_bytes()), "{accepted}");
            assert_eq!(page.packed(accepted), (None, page.plain), "{accepted}");
        }
    }

    #[tokio::test]
    async fn a_part_with_a_digest_in_its_name_is_kept_for_ever() {
        let server = Running::start(routes_of(PAGE), Limits::STANDARD).await;
        let asked = server.client().get(server.url("/ui/assets/index-abc.js"));
        let response = asked.header("accept-encoding", "br").send().await.unwrap();
        for (name, value) in [
            ("content-encoding", "br"),
            ("vary", "accept-encoding"),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("content-type", "text/javascript; charset=utf-8"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        assert_eq!(response.text().await.unwrap(), "brotli");
        server.stop().await;
    }

    #[tokio::test]
    async fn the_page_is_asked_for_anew_and_nobody_else_runs_in_it() {
        let server = Running::start(routes_of(PAGE), Limits::STANDARD).await;
        let client = server.client();
        for (path, status) in [("/", 200), ("/ui/", 200), ("/ui/none.js", 404), ("/x", 404)] {
            let response = client.get(server.url(path)).send().await.unwrap();
            assert_eq!(response.status(), status, "{path}");
        }
        let page = client.get(server.url("/")).send().await.unwrap();
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        for (name, value) in [
            ("cache-control", "no-cache"),
            ("etag", "\"a\""),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(page.headers()[name], value);
        }
        let known = client.get(server.url("/")).header("if-none-match", "W/\"x\", \"a\"");
        let known = known.send().await.unwrap();
        assert_eq!(known.status(), 304);
        assert_eq!(known.text().await.unwrap(), "");
        let posted = client.post(server.url("/")).send().await.unwrap();
        assert_eq!(posted.status(), 405);
        server.stop().await;
    }

    #[test]
    fn there_is_a_page_even_where_nobody_has_built_it() {
        let page = FILES.iter().find(|file| file.path == "/").unwrap();
        assert!(page.plain.starts_with(b"<!doctype html>"), "{page:?}");
    }
}

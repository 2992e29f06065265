//! A sound on its way out, whole or a range of it (RFC 9110, section 14).
//!
//! A player that seeks asks for ranges (RFC 9110, section 14).

use std::{
    fs::File,
    io::{self, SeekFrom},
    ops::Bound,
};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};
use headers::{
    AcceptRanges, ContentLength, ContentRange, HeaderMap, HeaderMapExt, HeaderValue, IfRange, Range,
};
use hyper::{StatusCode, header::CONTENT_TYPE};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use warp::Reply;

use crate::{
    engine::SoundName,
    http::{api::Answer, problem::Problem},
};

/// Read at once.
const PART: usize = 64 * 1024;

/// The file, or what is asked for of it.
pub fn answer(file: File, name: &SoundName, asked: &HeaderMap) -> Answer {
    let metadata = file.metadata().map_err(|e| Problem::internal("reading a sound", e))?;
    let length = metadata.len();
    // Without a validator of ours a conditional range is asked for in vain: the whole file is right.
    let conditional = asked.typed_get::<IfRange>().is_some();
    let range = asked.typed_get::<Range>().filter(|_| !conditional);
    let (status, from, to) = match range.map(|range| one_of(&range, length)) {
        None | Some(Asked::Whole) => (StatusCode::OK, 0, length),
        Some(Asked::Part(from, to)) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(Asked::Beyond) => {
            let detail = format!("{name} holds {length} bytes");
            return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, detail));
        }
    };
    let mut response = warp::reply::stream(read(file, from, to)).into_response();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.typed_insert(ContentLength(to - from));
    headers.typed_insert(AcceptRanges::bytes());
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(range) = ContentRange::bytes(from..to, length)
    {
        headers.typed_insert(range);
    }
    Ok(response)
}

enum Asked {
    Whole,
    /// From this byte to before that one.
    Part(u64, u64),
    Beyond,
}

/// Several ranges at once, and one that is not understood, may be answered by the whole.
fn one_of(range: &Range, length: u64) -> Asked {
    let mut ranges = range.satisfiable_ranges(length);
    let (Some((from, to)), None) = (ranges.next(), ranges.next()) else {
        return Asked::Whole;
    };
    let from = match from {
        Bound::Included(from) => from,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let to = match to {
        Bound::Included(last) => last.saturating_add(1).min(length),
        Bound::Excluded(to) => to.min(length),
        Bound::Unbounded => length,
    };
    if from < to { Asked::Part(from, to) } else { Asked::Beyond }
}

fn read(
    file: File,
    from: u64,
    to: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static {
    let start = (tokio::fs::File::from_std(file), from, false);
    stream::try_unfold(start, move |(mut file, at, placed)| async move {
        if at >= to {
            return Ok(None);
        }
        if !placed {
            file.seek(SeekFrom::Start(at)).await?;
        }
        let mut part = BytesMut::with_capacity(PART);
        let read = (&mut file).take(to - at).read_buf(&mut part).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into()); // it has become shorter meanwhile
        }
        Ok(Some((part.freeze(), (file, at + read as u64, true))))
    })
}

fn media_type(name: &SoundName) -> &'static str {
    match name.ending() {
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "ogg" => "audio/ogg",
        _ => "audio/mp4",
    }
}

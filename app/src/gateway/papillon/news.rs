//! `/news`: informations and surveys.
//!

use pronote_client::{
    Key,
    features::{self, NewsDetail},
};
use serde::Serialize;

use super::{Asker, Failure, File, READ_AT_MOST, offered, parts::stamp, readable};

/// An information or a survey.
#[derive(Debug, Serialize)]
pub struct News {
    id: Key,
    title: Option<String>,
    date: Option<String>,
    category: Option<String>,
    read: bool,
    survey: bool,
    anonymous_survey: bool,
    author: Option<String>,
    content: Option<String>,
    attachments: Vec<File>,
    html_content: Option<String>,
}

/// The news and surveys. One call up to 2025; since 2026 one more for each of the newest, as what
/// an item says is no longer in the list.
pub async fn news(asker: Asker<'_>) -> Result<Vec<News>, Failure> {
    let listed = offered(asker.client.news().await)?;
    let newest = newest(&listed);
    let mut news = Vec::with_capacity(listed.len());
    for item in listed {
        let detail = match newest.contains(&item.key) {
            true => readable(asker.client.news_detail(&item).await)?,
            false => None,
        };
        news.push(one(asker, item, &detail.unwrap_or_default()));
    }
    Ok(news)
}

/// The items that are read: those that came whole, and the newest of the others.
fn newest(listed: &[features::News]) -> Vec<Key> {
    let (whole, mut others): (Vec<_>, Vec<_>) =
        listed.iter().partition(|item| item.detail.is_some());
    others.sort_by_key(|item| std::cmp::Reverse(item.created.or(item.start)));
    let others = others.into_iter().take(READ_AT_MOST);
    whole.into_iter().chain(others).map(|item| item.key).collect()
}

fn one(asker: Asker<'_>, item: features::News, detail: &NewsDetail) -> News {
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    News {
        id: item.key,
        title: item.title,
        date: item.created.or(item.start).map(stamp),
        category: item.category,
        read: item.is_read,
        survey: item.is_survey,
        anonymous_survey: item.is_anonymous,
        author: item.author,
        content: said(detail.text()),
        attachments: asker.files(detail.attachments()),
        html_content: said(detail.html()),
    }
}

//! Toutatice's own dialogue after EduConnect: two questions, in XML.

use url::Url;

use super::{
    error::{Failure, Hop},
    hops::Stop,
    page::Page,
    walk::Walk,
    web::Web,
};

/// The identity provider's cookie that names the session.
const SESSION_COOKIE: &str = "IDP_JSESSIONID";

/// Tells Toutatice that EduConnect said yes.
pub async fn converse<W: Web>(walk: &mut Walk<'_, W>, page: &Page) -> Result<(), Stop> {
    let changed = |what| {
        (
            Failure::Changed(what),
            Hop {
                host: walk.portal.host().to_owned(),
                page: "its dialogue after EduConnect",
                status: page.status,
            },
        )
    };
    let no_address = || changed("an address");
    let entry =
        walk.portal.entry(&walk.pronote, walk.credentials.profile()).ok_or_else(no_address)?;
    let base = entry.join("../../idp/Authn/RemoteUser").map_err(|_| no_address())?;
    let execution =
        walk.conversation.clone().ok_or_else(|| changed("the number of a conversation"))?;
    let session = walk
        .hops
        .web
        .cookie(&base, SESSION_COOKIE)
        .ok_or_else(|| changed("the cookie of a session"))?;
    let question = with(
        &base,
        &[
            ("conversation", &execution),
            ("redirectToLoaderRemoteUser", "0"),
            ("sessionid", &session),
        ],
    );
    let answer = walk.hops.get(question).await?.text;
    if answer.contains("erreurFonctionnelle") {
        return Err((Failure::UnknownAccount, walk.here("its dialogue after EduConnect")));
    }
    let (conversation, user) = (element(&answer, "conversation"), element(&answer, "uidInSession"));
    let (Some(conversation), Some(user)) = (conversation, user) else {
        return Err((
            Failure::Changed("a conversation and a user"),
            walk.here("its dialogue after EduConnect"),
        ));
    };
    let question = with(
        &base,
        &[("conversation", conversation), ("uidInSession", user), ("sessionid", &session)],
    );
    walk.hops.get(question).await.map(|_| ())
}

fn with(base: &Url, pairs: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}

/// The text of the first `<name>`, with or without attributes.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    xml.match_indices('<').find_map(|(at, _)| {
        let rest = xml.get(at + 1..)?.strip_prefix(name)?;
        let (attributes, rest) = rest.split_once('>')?;
        let is_name = attributes.is_empty() || attributes.starts_with(char::is_whitespace);
        let text = rest.split('<').next()?.trim();
        (is_name && !attributes.ends_with('/') && !text.is_empty()).then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_with_or_without_attributes() {
        let xml = "<r><conversationId>1</conversationId><conversation a='b'> e1s2 </conversation><uidInSession/></r>";
        assert_eq!(element(xml, "conversation"), Some("e1s2"));
        assert_eq!(element(xml, "uidInSession"), None);
        assert_eq!(element("<conversation", "conversation"), None);
    }
}

//! OZE: after its Keycloak form, its API tells where PRONOTE is entered.

use serde_json::Value;
use url::Url;

use super::{credentials::Credentials, error::Failure, hops::Stop, walk::Walk, web::Web};

/// OZE knows its people as `name@host`.
pub fn with_domain(credentials: &Credentials, host: &str) -> Credentials {
    if credentials.user().contains('@') {
        return credentials.clone();
    }
    credentials.renamed(&format!("{}@{host}", credentials.user()))
}

/// Opens PRONOTE's entry, so that its CAS knows us.
pub async fn open_pronote<W: Web>(walk: &mut Walk<'_, W>) -> Result<(), Stop> {
    let me = ask(walk, "v1/users/me", &[]).await?;
    let profile = me.get("currentProfil").unwrap_or(&Value::Null);
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (kind, school) = (text(profile, "codeProfil"), text(profile, "uai"));
    let context = [("ctx_profil", kind.as_str()), ("ctx_etab", school.as_str())];
    let apps = ask(walk, "v1/ozapps", &context).await?;
    let pronote = apps.as_array().into_iter().flatten().find(|app| text(app, "code") == "pronote");
    let route = pronote.map(|app| text(app, "externalRoute")).filter(|route| !route.is_empty());
    let changed = |walk: &Walk<'_, W>| {
        (Failure::Changed("PRONOTE among its applications"), walk.here("its list of applications"))
    };
    let base = portal_base(walk).ok_or_else(|| changed(walk))?;
    let url = match route {
        Some(route) => base.join(&route).ok(),
        None => {
            let config = ask(walk, "v1/config/Pronote", &context).await?;
            let id = text(&config, "autorisationId");
            base.join(&format!("cas/proxySSO/{id}")).ok().filter(|_| !id.is_empty()).map(
                |mut url| {
                    url.query_pairs_mut()
                        .append_pair("uai", &school)
                        .append_pair("projet", &text(&config, "projet"))
                        .append_pair("fonction", "ELV");
                    url
                },
            )
        }
    };
    let url = url.ok_or_else(|| changed(walk))?;
    walk.hops.get(url).await.map(|_| ())
}

async fn ask<W: Web>(
    walk: &mut Walk<'_, W>,
    path: &str,
    query: &[(&str, &str)],
) -> Result<Value, Stop> {
    let changed = |walk: &Walk<'_, W>| {
        (Failure::Changed("an answer of its API in JSON"), walk.here("its API"))
    };
    let base = walk.portal.api().and_then(|base| base.join(path).ok());
    let mut url = base.ok_or_else(|| changed(walk))?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    let answer = walk.hops.get(url).await?.text;
    serde_json::from_str(&answer).map_err(|_| changed(walk))
}

fn portal_base(walk: &Walk<'_, impl Web>) -> Option<Url> {
    walk.portal.entry(&walk.pronote, walk.credentials.profile())
}

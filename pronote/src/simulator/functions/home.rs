//! `PageAccueil`: useful links and partners.
//!

use serde_json::Value;

use crate::simulator::call::{Answer, Call, Outcome, Trouble};
use crate::simulator::json::{Json, list, object, raw};

pub(crate) fn page(_: &mut Call<'_>) -> Outcome {
    Ok(Answer::from(object!({
        "lienUtile": object!({
            "listeLiens": list([
                object!({ "L": "Site de l'établissement", "url": "https://college.exemple.fr/", "commentaire": "Actualités & photos" }),
                object!({ "L": "Cantine", "SSO": partner_code("TURBOSELF") }),
                object!({ "L": "Orientation « 3e »", "url": "https://orientation.exemple.fr/?a=1&b=2", "commentaire": "" }),
            ]),
        }),
        "partenaireARD": object!({
            "SSO": partner_code("ARD"),
            "avecActualisation": true,
            "porteMonnaie": list([object!({
                "libellePorteMonnaie": "Cantine",
                "hintPorteMonnaie": "Compte de demi-pension",
                "avecWarning": false,
                "valeurSolde": "42,69 €",
                "hintSolde": "Au 1er septembre",
            })]),
        }),
        "notes": object!({ "listeDevoirs": list([]) }),
        "actualites": object!({ "listeModesAff": Json::array([]) }),
    })))
}

/// `SaisieURLPartenaire`: the address that signs the user in at a partner.
pub(crate) fn partner(call: &mut Call<'_>) -> Outcome {
    let code =
        call.get("SSO").get("codePartenaire").and_then(Value::as_str).ok_or(Trouble::Impossible)?;
    let mut answer = Answer::from(Json::empty());
    answer.report = Some(
        object!({ "urlSSO": raw(format!("https://{}.exemple.fr/sso?jeton=1", code.to_lowercase())) }),
    );
    Ok(answer)
}

fn partner_code(code: &str) -> Json {
    object!({ "codePartenaire": code, "intituleLien": "Ouvrir", "description": "Partenaire de test" })
}

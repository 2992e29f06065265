//! `PageInfosPerso`: address, phone, calendar, security of the account.
//!

use super::put;
use crate::protocol::tab;
use crate::simulator::call::{Answer, Call, Outcome};
use crate::simulator::download::calendar_key;
use crate::simulator::json::{Json, list, moment, object, set};

pub(crate) fn page(call: &mut Call<'_>) -> Outcome {
    let account = call.account();
    let mode = call.state.account(call.account_index).mode.unwrap_or(account.mode().into());
    let state = call.state.account(call.account_index);
    let devices = state.devices.iter().map(|(id, device)| {
        object!({
            "L": device.name.as_str(),
            "G": device.kind,
            "identifiantSysteme": id.as_str(),
            "libelleSysteme": if device.kind == 1 { "PRONOTE, iPhone" } else { "Firefox, Linux" },
            "dateDerniereConnexion": moment(device.last),
        })
    });
    let security = object!({
        "mode": mode,
        "modesPossibles": set("[1..3]"),
        "listeSourcesConnexions": list(devices),
    });
    let mut data = object!({ "securisation": security });
    if account.has_calendar {
        let entry = object!({
            "L": "Mon emploi du temps",
            "paramICal": calendar_key(call.pupil),
            "paramSuppl": "66683d3326643d5b312e2e34365d266f3d32",
        });
        put(&mut data, "iCal", object!({ "liste": list([entry]) }));
    }
    if call.tab == tab::PERSONAL {
        put(&mut data, "Informations", informations(call));
    }
    Ok(Answer::from(data))
}

fn informations(call: &Call<'_>) -> Json {
    if call.pupil().is_bare {
        return object!({ "adresse1": "", "codePostal": "", "ville": "", "pays": "" });
    }
    object!({
        "adresse1": "12 bis, rue de l'Écluse",
        "adresse2": "Bât. « Œ »",
        "adresse3": "",
        "adresse4": "",
        "codePostal": "99001",
        "ville": "ŒILLETS-SUR-MER",
        "province": "",
        "pays": "FRANCE",
        "eMail": "famille.parent@exemple.fr",
        "indicatifTel": "33",
        "telephonePortable": "600000001",
        "numeroINE": format!("{:03}", call.pupil + 1),
    })
}

//! The handshake: parameters, identification, challenge, authentication.
//!

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::Token;
use crate::{
    Error, Secret,
    client::Wire,
    error::LoginError,
    http::Browser,
    protocol::{
        crypto::{Cipher, CryptoError, login_material},
        envelope::Answer,
        generation::Challenge,
        rsa::PublicKey,
        value::Node,
        version::Version,
    },
};

/// Who identifies how.
pub(super) struct Identity {
    pub(super) username: String,
    pub(super) secret: Secret,
    pub(super) manner: Manner,
    pub(super) device: Option<String>,
}

/// What `Identification` is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Password,
    Portal,
    QrCode,
    Token,
}

/// What `FonctionParametres` answers, and what this device is known by.
pub(super) struct Parameters {
    pub(super) answer: Answer,
    pub(super) identifier: Option<String>,
}

/// What `Authentification` answers.
pub(super) struct Authenticated {
    pub(super) token: Option<Token>,
    pub(super) answer: Answer,
}

/// The first call: agrees on the vector, and tells what the school is like.
pub(super) async fn parameters(
    wire: &mut Wire,
    browser: &Browser,
    key: Option<&PublicKey>,
    identifier: Option<&str>,
) -> Result<Parameters, Error> {
    let mut random = Zeroizing::new([0; 48]);
    getrandom::fill(&mut *random).map_err(|_| Error::NoRandomness)?;
    let (seed, filler) = random.split_at(16);
    let sent = match key {
        Some(key) => key.encrypt(seed, filler).map_err(|_| {
            Error::Invalid("the server's RSA key is too small to be used".to_owned())
        })?,
        None => seed.to_vec(),
    };
    let data = json!({
        "Uuid": data_encoding::BASE64.encode(&sent),
        "identifiantNav": identifier,
    });
    let reply = wire.cipher.with_seed(seed);
    let answer = wire.call(browser, "FonctionParametres", &data, None, Some(reply)).await?;
    let node = answer.data();
    let version = node.field("General").either(&["versionPN", "version"]);
    wire.learn_version(version.str().and_then(|text| text.parse::<Version>().ok()));
    let identifier = node.field("identifiantNav").text();
    Ok(Parameters { answer, identifier })
}

/// Proves who it is. From here on the session has its own key.
pub(super) async fn authenticate(
    wire: &mut Wire,
    browser: &Browser,
    identity: &Identity,
) -> Result<Authenticated, Error> {
    let Identity { username, manner, device, .. } = identity;
    let wants_token = device.is_some() && matches!(manner, Manner::Password | Manner::Portal);
    let mut data = json!({
        "genreConnexion": 0,
        "genreEspace": wire.space,
        "identifiant": username,
        "pourENT": *manner == Manner::Portal,
        "enConnexionAuto": false,
        "demandeConnexionAuto": false,
        "demandeConnexionAppliMobile": wants_token || *manner == Manner::QrCode,
        "demandeConnexionAppliMobileJeton": *manner == Manner::QrCode,
        "enConnexionAppliMobile": *manner == Manner::Token,
        "uuidAppliMobile": device.as_deref().unwrap_or_default(),
        "loginTokenSAV": "",
    });
    if let (true, Some(fields)) = (wire.generation.device_told, data.as_object_mut()) {
        fields.insert("informationsAppareil".to_owned(), Value::Null);
    }
    let answer = wire.call(browser, "Identification", &data, None, None).await?;
    let cipher = wire.cipher.with_material(&material(identity, answer.data()));
    let challenge = answer.data().field("challenge").str().unwrap_or_default();
    let solution = solve(wire, &cipher, challenge)?;
    let data = json!({"connexion": 0, "challenge": solution, "espace": wire.space});
    let answer = wire.call(browser, "Authentification", &data, None, None).await?;
    let Some(cle) = answer.data().field("cle").str() else {
        return Err(wire.blame(refused(answer.data()).into()));
    };
    // This answer still came under the old key; the next call goes under the new one.
    wire.cipher = cipher.session(cle)?;
    Ok(Authenticated { token: token(identity, answer.data()), answer })
}

/// The token in an answer, under the name that it belongs to.
pub(super) fn token(identity: &Identity, answer: Node<'_>) -> Option<Token> {
    let secret = answer.field("jetonConnexionAppliMobile").text()?;
    let username = answer.field("login").text().unwrap_or_else(|| identity.username.clone());
    Some(Token { username, secret: secret.into(), device: identity.device.clone()? })
}

fn material(identity: &Identity, answer: Node<'_>) -> Zeroizing<Vec<u8>> {
    let secret = Zeroizing::new(identity.secret.expose().trim().to_owned());
    let alea = answer.field("alea").str().unwrap_or_default();
    if identity.manner == Manner::Portal {
        return login_material("", alea, &secret);
    }
    let folds = |name| answer.field(name).integer().is_some_and(|mode| mode != 0);
    let user = identity.username.trim();
    let user = if folds("modeCompLog") { user.to_lowercase() } else { user.to_owned() };
    if folds("modeCompMdp") {
        return login_material(&user, alea, &Zeroizing::new(secret.to_lowercase()));
    }
    login_material(&user, alea, &secret)
}

// One answer for one challenge: each wrong one counts towards a ban.
fn solve(wire: &Wire, cipher: &Cipher, challenge: &str) -> Result<String, Error> {
    let wrong = |_: CryptoError| wire.blame(LoginError::WrongCredentials.into());
    let how = match wire.version {
        Some(_) => wire.generation.challenge,
        // One block is the new challenge: the old one has filler between its characters.
        None if challenge.len() <= 32 => Challenge::AsIs,
        None => Challenge::Opened,
    };
    match cipher.solve(how, challenge) {
        Err(_) if wire.version.is_none() => cipher.solve(Challenge::AsIs, challenge).map_err(wrong),
        solved => solved.map_err(wrong),
    }
}

fn refused(answer: Node<'_>) -> LoginError {
    let code = answer.field("Acces").integer().unwrap_or(1);
    let reason = match code {
        1 => return LoginError::WrongCredentials,
        2 => "it is not authorised",
        3 => "the class is connected together",
        4 => "nobody belongs to it",
        5 => "the connection failed",
        6 => "the pupil has left the school",
        7 => "the assistant has no function",
        8 => "the assistant has no pupils",
        9 => "the school has a message for it",
        10 => "it is disabled",
        _ => "for a reason that this client does not know",
    };
    let message = answer.field("AccesMessage");
    let message = message.either(&["message", "titre"]).plain().or(message.plain());
    LoginError::Refused { code, reason, message: message.map(Secret::from) }
}

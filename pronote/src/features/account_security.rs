//! How an account is guarded: password, PIN, the devices that PRONOTE knows.
//!

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Client, Credentials, Error, Secret,
    client::Feature,
    login::SecurityMode,
    protocol::{tab, value::Node},
};

const FEATURE: Feature = Feature {
    name: "the security of the account",
    function: "SecurisationComptePreference",
    tab: tab::PERSONAL,
};

/// How an account is guarded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AccountSecurity {
    /// How a device that is not known is checked; nothing where it is not chosen yet.
    pub mode: Option<SecurityMode>,
    /// What the school lets the user choose.
    pub modes: Vec<SecurityMode>,
    /// The devices that PRONOTE knows.
    pub devices: Vec<KnownDevice>,
}

/// A device that PRONOTE does not ask again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDevice {
    /// The name that its user gave it.
    pub name: Option<String>,
    /// What it is, in PRONOTE's words.
    pub system: Option<String>,
    /// What it is.
    pub kind: DeviceKind,
    /// When it was last used.
    pub last_login: Option<DateTime>,
    /// `identifiantSysteme`, which is the device's in every session.
    id: Secret,
}

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// INDEX ÉDUCATION's program for a computer.
    Program,
    /// An app.
    App,
    /// A browser.
    Browser,
    /// Something else, as PRONOTE numbers it.
    Other(i64),
}

impl Client {
    /// How the account is guarded, and the devices that PRONOTE knows.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// for device in client.account_security().await?.devices {
    ///     if device.name.as_deref() == Some("the lost telephone") {
    ///         client.forget_device(&device).await?;
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn account_security(&self) -> Result<AccountSecurity, Error> {
        let reply = self.personal_page().await?;
        Ok(read(reply.node()))
    }

    /// Chooses how devices that are not known are checked. Without a PIN, that is: for one there is
    /// [`Client::set_pin`]. Whoever has a PIN gives it.
    pub async fn set_security_mode(
        &self,
        mode: SecurityMode,
        pin: Option<&Secret>,
    ) -> Result<(), Error> {
        if mode == SecurityMode::Pin {
            let message = "expected a mode without a PIN; a PIN is set by itself";
            return Err(Error::Invalid(message.to_owned()));
        }
        let more = json!({"action": 4, "mode": mode.code()});
        self.change(&more, &[("ancienCodePin", pin)]).await
    }

    /// Sets the PIN of the account, or changes it: then the old one is asked for.
    pub async fn set_pin(&self, new: &Secret, old: Option<&Secret>) -> Result<(), Error> {
        self.change(&json!({"action": 5}), &[("codePin", Some(new)), ("ancienCodePin", old)]).await
    }

    /// Gives a device another name, of 30 characters at most.
    pub async fn rename_device(&self, device: &KnownDevice, name: &str) -> Result<(), Error> {
        self.change(&device.parameter(6, Some(name)), &[]).await
    }

    /// Makes PRONOTE ask a device again.
    pub async fn forget_device(&self, device: &KnownDevice) -> Result<(), Error> {
        self.change(&device.parameter(7, None), &[]).await
    }

    /// Changes PRONOTE's own password, and that which the client logs in again with.
    pub async fn change_password(&self, old: &Secret, new: &Secret) -> Result<(), Error> {
        let secrets = [("ancienMDP", Some(old)), ("nouveauMDP", Some(new))];
        self.change(&json!({"action": 8}), &secrets).await?;
        if let Some(Credentials::Password { password, .. }) =
            &mut self.shared.state.lock().await.credentials
        {
            *password = new.clone();
        }
        Ok(())
    }

    /// Changes PRONOTE's own user name, and that which the client logs in again with.
    pub async fn change_username(&self, password: &Secret, new: &str) -> Result<(), Error> {
        let name = Secret::from(new);
        let secrets = [("ancienMDP", Some(password)), ("identifiant", Some(&name))];
        self.change(&json!({"action": 9}), &secrets).await?;
        match &mut self.shared.state.lock().await.credentials {
            Some(Credentials::Password { username, .. }) => *username = new.to_owned(),
            Some(Credentials::Token(token)) => new.clone_into(&mut token.username),
            _ => {}
        }
        Ok(())
    }

    async fn change(
        &self,
        fields: &Value,
        secrets: &[(&str, Option<&Secret>)],
    ) -> Result<(), Error> {
        let reply = self
            .call(FEATURE, |view| {
                let mut data = fields.clone();
                for (name, secret) in secrets {
                    if let (Some(data), Some(secret)) = (data.as_object_mut(), secret) {
                        data.insert((*name).to_owned(), view.hide(secret).into());
                    }
                }
                Ok(data)
            })
            .await?;
        match reply.node().field("result").flag() {
            Some(false) => Err(Error::NotSaved(FEATURE.name)),
            _ => Ok(()),
        }
    }
}

impl KnownDevice {
    fn parameter(&self, action: u32, name: Option<&str>) -> Value {
        json!({
            "action": action,
            "identifiantSysteme": self.id.expose(),
            "genreSource": self.kind.code(),
            "libelleSaisi": name,
        })
    }
}

impl DeviceKind {
    fn code(self) -> i64 {
        match self {
            Self::Program => 0,
            Self::App => 1,
            Self::Browser => 2,
            Self::Other(code) => code,
        }
    }

    fn of_code(code: i64) -> Self {
        match code {
            0 => Self::Program,
            1 => Self::App,
            2 => Self::Browser,
            code => Self::Other(code),
        }
    }
}

pub(super) fn read(answer: Node<'_>) -> AccountSecurity {
    let security = answer.field("securisation");
    let modes = security.field("modesPossibles").domain();
    let mode = security.field("mode").natural();
    AccountSecurity {
        mode: SecurityMode::ALL.into_iter().find(|known| mode == Some(known.code())),
        modes: SecurityMode::ALL.into_iter().filter(|mode| modes.contains(mode.code())).collect(),
        devices: security.field("listeSourcesConnexions").list().filter_map(device).collect(),
    }
}

fn device(node: Node<'_>) -> Option<KnownDevice> {
    Some(KnownDevice {
        name: node.label(),
        system: node.field("libelleSysteme").text(),
        kind: DeviceKind::of_code(node.kind().unwrap_or(2)),
        last_login: node.field("dateDerniereConnexion").date_time(),
        id: node.field("identifiantSysteme").text()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_guards_an_account_is_read() {
        let answer = json!({"securisation": {"mode": 2, "modesPossibles": {"_T": 26, "V": "[1..2]"},
        "listeSourcesConnexions": {"_T": 24, "V": [
            {"L": "Salon", "G": 1, "identifiantSysteme": "AB", "dateDerniereConnexion": {"_T": 7, "V": "07/09/2026 14:05:00"}},
            {"G": 9, "identifiantSysteme": "CD"},
            {"L": "sans identifiant"},
        ]}}});
        let security = read(Node::new(&answer.into()));
        assert_eq!(security.mode, Some(SecurityMode::Notify));
        assert_eq!(security.modes, [SecurityMode::Off, SecurityMode::Notify]);
        let [salon, other] = &security.devices[..] else { panic!("two of three") };
        assert_eq!((salon.kind, salon.last_login.is_some()), (DeviceKind::App, true));
        assert_eq!((other.kind, &other.name), (DeviceKind::Other(9), &None));
        assert!(!format!("{security:?}").contains("AB"));
        assert_eq!(read(Node::NOTHING), AccountSecurity::default());
    }
}

//! Making a QR code for another device.
//!

use serde_json::json;

use crate::{
    Client, Error, QrCode,
    client::Feature,
    error::Unavailable,
    protocol::{space::Site, tab},
};

const FEATURE: Feature =
    Feature { name: "a QR code", function: "JetonAppliMobile", tab: tab::HOME };

impl Client {
    /// Makes a QR code that logs another device in for ten minutes; the PIN has four digits. It is
    /// how a login by portal becomes tokens, after which the portal's password is not needed.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), pronote_client::Error> {
    /// use pronote_client::{Client, Credentials, LoginOptions, Transport};
    ///
    /// # let transport = Transport::new().unwrap();
    /// let code = client.make_qr_code("1234").await?;
    /// let address = code.address.clone();
    /// let credentials = Credentials::QrCode { code, pin: "1234".into() };
    /// let options = LoginOptions { device: Some("any-uuid".into()), ..LoginOptions::default() };
    /// let other = Client::log_in(&transport, &address, &credentials, options).await?.done()?;
    /// # Ok(()) }
    /// ```
    pub async fn make_qr_code(&self, pin: &str) -> Result<QrCode, Error> {
        if pin.len() != 4 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::Invalid("expected a PIN of four digits, found another".to_owned()));
        }
        let reply = self.call(FEATURE, |_| Ok(json!({"code": pin}))).await?;
        let text = |name| reply.node().field(name).text();
        let (Some(login), Some(token)) = (text("login"), text("jeton")) else {
            return Err(Error::unavailable(FEATURE.name, Unavailable::Hidden));
        };
        let url = reply.view.address.page(Site::Mobile, "");
        QrCode::new(url.as_str(), &login, &token)
    }
}

//! What a school says to anybody: its hours, its weeks, its closed days.
//!

use pronote_client::{Address, School};

use super::{Gateway, Refusal};

impl Gateway {
    /// Asks a school for what it says before a login; nobody logs in. It counts as a request to the
    /// school, and a school that has had enough is not asked.
    pub async fn school(&self, address: &Address) -> Result<School, Refusal> {
        let (gateway, address) = (self.clone(), address.clone());
        self.to_the_end(async move {
            let host = address.root().host_str().unwrap_or_default();
            gateway.0.limits.permit_host(host).await?;
            let asked = School::fetch(&gateway.0.transport, &address).await;
            gateway.0.limits.note(host, &asked).await;
            Ok(asked?)
        })
        .await
    }
}

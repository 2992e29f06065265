//! What a school says to anybody, before a login.
//!

use crate::{
    Address, Error,
    client::Wire,
    http::{Browser, Transport},
    login,
    protocol::{space::Site, start_page::StartPage},
    school::School,
};

impl School {
    /// Asks a school for its hours, holidays and periods; nobody logs in.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use pronote_client::{School, Transport};
    ///
    /// let address = "0123456a.index-education.net/pronote".parse()?;
    /// let school = School::fetch(&Transport::new()?, &address).await?;
    /// println!("{:?} speaks PRONOTE {:?}", school.name, school.version);
    /// # Ok(()) }
    /// ```
    pub async fn fetch(transport: &Transport, address: &Address) -> Result<Self, Error> {
        let browser = Browser::new(transport.clone());
        let page = browser.get(address.page(Site::Desktop, "login=true")).await?;
        let start = StartPage::read(&page.text())?;
        let mut wire = Wire::new(address.clone(), &start);
        let answer = login::parameters(&mut wire, &browser, &start).await?;
        let mut school = Self::read(answer.data());
        school.version = school.version.or(wire.version);
        Ok(school)
    }
}

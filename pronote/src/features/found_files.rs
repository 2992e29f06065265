//! Files found again by what they hang on.
//!
//! An address dies with its session; a thing has a name in every session. So the thing is listed
//! again, and its file's new address read from it.

use super::{
    Attachment, AttachmentKind,
    file_ref::{FileRef, Place},
};
use crate::{
    Client, Error, Key, Period,
    http::{Browser, Download},
};

const A_FILE: Error = Error::Gone("a file");

impl Client {
    /// Fetches a file by its reference, in this session or in any that comes. It asks for the list
    /// that the file was in, then for the file.
    ///
    /// ```no_run
    /// # async fn example(client: pronote_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// # use jiff::civil::date;
    /// let homework = client.homework(date(2026, 9, 7), date(2026, 9, 13)).await?;
    /// let mut files = homework.iter().flat_map(|homework| &homework.attachments);
    /// let text = files.find_map(|file| file.file_ref).ok_or("no file")?.to_string();
    /// // … hours later, perhaps in another process:
    /// let bytes = client.fetch(&text.parse()?).await?;
    /// # Ok(()) }
    /// ```
    pub async fn fetch(&self, file: &FileRef) -> Result<Vec<u8>, Error> {
        if file.place == Place::Photo {
            return self.for_child(file.pupil)?.photo().await;
        }
        let found = self.find_file(file).await?;
        self.fetch_url(found.url.ok_or(A_FILE)?).await
    }

    /// The same without holding it whole: part by part, as it comes.
    pub async fn open_file(&self, file: &FileRef) -> Result<Download, Error> {
        if file.place == Place::Photo {
            return self.for_child(file.pupil)?.photo().await.map(Download::whole);
        }
        let found = self.find_file(file).await?;
        let browser = Browser::new(self.shared.transport.clone());
        Ok(browser.open(found.url.ok_or(A_FILE)?).await?)
    }

    /// Looks a file up by its reference: what comes back has an address that is good now.
    pub async fn find_file(&self, file: &FileRef) -> Result<Attachment, Error> {
        let client = self.for_child(file.pupil)?;
        let mut files = match file.place {
            Place::Homework(day, thing) => {
                let listed = client.homework(day, day).await?.into_iter();
                let found = listed.filter(|listed| listed.key == thing);
                found.flat_map(|homework| homework.attachments).collect()
            }
            Place::Content(day, thing) => {
                let listed = client.lesson_contents(day, day).await?.into_iter();
                let found = listed.filter(|listed| listed.key == thing);
                found.flat_map(|content| content.parts).flat_map(|part| part.attachments).collect()
            }
            Place::News(thing) => client.files_of_news(thing).await?,
            Place::Message { discussion, message } => {
                client.files_of_message(discussion, message).await?
            }
            Place::Attendance { period, from, to, .. } => {
                let period = client.period(period)?;
                let attendance = client.attendance_between(&period, from, to).await?;
                let punishments = attendance.punishments.into_iter();
                let measures = attendance.precautionary_measures.into_iter();
                punishments
                    .flat_map(|found| [found.circumstance_files, found.homework_files])
                    .chain(measures.map(|found| found.files))
                    .flatten()
                    .collect()
            }
            Place::Mark { period, mark } => client.papers(period, mark).await?,
            Place::Photo => vec![client.photo_file()?],
        };
        files.retain(|found| found.file_ref.as_ref() == Some(file));
        files.pop().ok_or(A_FILE)
    }

    async fn files_of_news(&self, thing: Key) -> Result<Vec<Attachment>, Error> {
        let mut listed = self.news().await?.into_iter();
        let news = listed.find(|news| news.key == thing).ok_or(A_FILE)?;
        let questions = self.news_detail(&news).await?.questions.into_iter();
        Ok(questions.flat_map(|question| question.attachments).collect())
    }

    async fn files_of_message(
        &self,
        discussion: Key,
        message: Key,
    ) -> Result<Vec<Attachment>, Error> {
        let mut listed = self.all_discussions().await?.into_iter();
        let discussion = listed.find(|found| found.key == discussion).ok_or(A_FILE)?;
        let messages = self.conversation(&discussion).await?.messages.into_iter();
        let found = messages.filter(|found| found.key == message);
        Ok(found.flat_map(|message| message.attachments).collect())
    }

    async fn papers(&self, period: Key, mark: Key) -> Result<Vec<Attachment>, Error> {
        let marks = self.marks(&self.period(period)?).await?.marks.into_iter();
        let found = marks.filter(|found| found.key == mark);
        let papers = found.flat_map(|mark| {
            [(mark.subject_file, mark.subject_ref), (mark.answer_file, mark.answer_ref)]
        });
        Ok(papers.filter_map(|(url, file)| Some(Attachment::of_url(url?, file?))).collect())
    }

    fn photo_file(&self) -> Result<Attachment, Error> {
        let file = self.photo_url().zip(self.photo_ref());
        file.map(|(url, file)| Attachment::of_url(url, file)).ok_or(A_FILE)
    }

    fn period(&self, key: Key) -> Result<Period, Error> {
        let mut periods = self.periods().into_iter();
        periods.find(|period| period.key == key).ok_or(Error::Gone("a period"))
    }
}

impl Attachment {
    /// A file that PRONOTE lists by no more than its name, which its address ends with.
    fn of_url(url: url::Url, file: FileRef) -> Self {
        let name = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let name = percent_decoded(name);
        let kind = AttachmentKind::File;
        Self { key: file.file, name, kind, url: Some(url), file_ref: Some(file) }
    }
}

// What a form's value and a path's have in common, once a plus is a plus.
fn percent_decoded(text: &str) -> String {
    let text = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_from_its_address() {
        for (path, name) in [
            ("%C3%89nonc%C3%A9%20n%C2%B01.pdf", "Énoncé n°1.pdf"),
            ("a+b&c=d.pdf", "a+b&c=d.pdf"),
            ("100%25.txt", "100%.txt"),
        ] {
            assert_eq!(percent_decoded(path), name);
        }
    }
}

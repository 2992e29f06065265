//! The addresses of the Papillon API, and what each one asks.
//!

use hyper::Method;

use super::parameters::Parameters;
use crate::gateway::Question;

/// One address.
pub struct Route {
    /// From the root.
    pub path: &'static str,
    /// The method that it answers, HEAD as GET.
    pub method: Method,
    /// What is behind it.
    pub target: Target,
}

/// What is behind an address.
#[derive(Clone, Copy)]
pub enum Target {
    /// A question for whoever holds a token; `None` where a parameter is missing or wrong.
    Question(fn(&mut Parameters) -> Option<Question>),
    /// A login.
    Login,
    /// What is known of portals.
    Infos,
    /// A file that belongs to a session, behind a signed address.
    File,
    /// A calendar of ours, behind a signed address.
    Calendar,
}

/// All of them.
pub static ROUTES: [Route; 24] = [
    post("/generatetoken", Target::Login),
    get("/infos", Target::Infos),
    get("/info", Target::Infos),
    get("/user", Target::Question(|_| Some(Question::User))),
    get("/timetable", Target::Question(|asked| asked.date("dateString").map(Question::Timetable))),
    get(
        "/homework",
        Target::Question(|asked| days(asked).map(|(from, to)| Question::Homework(from, to))),
    ),
    get("/grades", Target::Question(|_| Some(Question::Grades))),
    get("/evaluations", Target::Question(|_| Some(Question::Evaluations))),
    get("/absences", Target::Question(|asked| Some(Question::Absences(all_periods(asked))))),
    get("/delays", Target::Question(|asked| Some(Question::Delays(all_periods(asked))))),
    get("/punishments", Target::Question(|asked| Some(Question::Punishments(all_periods(asked))))),
    get("/news", Target::Question(|_| Some(Question::News))),
    get("/discussions", Target::Question(|_| Some(Question::Discussions))),
    get("/recipients", Target::Question(|_| Some(Question::Recipients))),
    get("/menu", Target::Question(|asked| days(asked).map(|(from, to)| Question::Menu(from, to)))),
    get("/export/ical", Target::Question(|_| Some(Question::Calendar))),
    post(
        "/changePeriod",
        Target::Question(|asked| asked.required("periodName").map(Question::ChangePeriod)),
    ),
    post("/homework/changeState", Target::Question(toggle_homework)),
    post(
        "/discussion/delete",
        Target::Question(|asked| asked.required("discussionId").map(Question::DeleteDiscussion)),
    ),
    post(
        "/discussion/readState",
        Target::Question(|asked| asked.required("discussionId").map(Question::ToggleRead)),
    ),
    post("/discussion/reply", Target::Question(reply)),
    post("/discussion/create", Target::Question(create_discussion)),
    get("/file", Target::File),
    get("/calendar.ics", Target::Calendar),
];

const fn get(path: &'static str, target: Target) -> Route {
    Route { path, method: Method::GET, target }
}

const fn post(path: &'static str, target: Target) -> Route {
    Route { path, method: Method::POST, target }
}

// Each parameter is looked at before the first missing one is told: all are told at once.

fn days(asked: &mut Parameters) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let (from, to) = (asked.date("dateFrom"), asked.date("dateTo"));
    from.zip(to)
}

fn all_periods(asked: &Parameters) -> bool {
    asked.flag("allPeriods", true)
}

fn toggle_homework(asked: &mut Parameters) -> Option<Question> {
    let (days, id) = (days(asked), asked.required("homeworkId"));
    let ((from, to), id) = days.zip(id)?;
    Some(Question::ToggleHomework(from, to, id))
}

fn reply(asked: &mut Parameters) -> Option<Question> {
    let (discussion, content) = (asked.required("discussionId"), asked.required("content"));
    let (discussion, content) = discussion.zip(content)?;
    Some(Question::Reply { discussion, content })
}

fn create_discussion(asked: &mut Parameters) -> Option<Question> {
    let (subject, content) = (asked.required("subject"), asked.required("content"));
    let recipients = asked.list(["recipients", "recipientId"]);
    let ((subject, content), recipients) = subject.zip(content).zip(recipients)?;
    Some(Question::CreateDiscussion { subject, content, recipients })
}

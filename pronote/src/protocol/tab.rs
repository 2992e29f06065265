//! The tabs (`onglet`) of PRONOTE's pages; a call names the one it is made from.
//!

/// No tab: what is asked before there is any, without a signature.
pub const NONE: u32 = 0;
/// Home.
pub const HOME: u32 = 7;
/// News and surveys.
pub const NEWS: u32 = 8;
/// The school's agenda.
pub const AGENDA: u32 = 9;
/// Canteen menus.
pub const MENUS: u32 = 10;
/// Report card.
pub const REPORT: u32 = 13;
/// Timetable.
pub const TIMETABLE: u32 = 16;
/// Absences, delays, punishments, observations.
pub const ATTENDANCE: u32 = 19;
/// Teaching team.
pub const STAFF: u32 = 37;
/// Personal information.
pub const PERSONAL: u32 = 49;
/// Homework.
pub const HOMEWORK: u32 = 88;
/// Lesson contents.
pub const CONTENTS: u32 = 89;
/// Pupils, in the space of the school's office.
pub const PUPILS: u32 = 105;
/// Messages.
pub const MESSAGES: u32 = 131;
/// Latest marks.
pub const MARKS: u32 = 198;
/// Latest evaluations.
pub const EVALUATIONS: u32 = 201;

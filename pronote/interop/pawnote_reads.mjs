// Reads every feature of Pawnote 1.6.2 against the simulator, and writes what it can write.
//
// usage: node pawnote_reads.mjs ROOT   (such as http://127.0.0.1:8080/pronote)

import assert from "node:assert/strict";
import * as pawnote from "pawnote";

const root = process.argv[2].replace(/\/+$/, "");
if (new URL(root).hostname !== "127.0.0.1") throw new Error(`${root} is not this machine`);
let passed = 0;
let failed = 0;

async function check(name, run) {
  try {
    await run();
    passed += 1;
    console.error(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED  ${name}: ${error?.stack ?? error}`);
  }
}

async function login(kind, username, password) {
  const session = pawnote.createSessionHandle();
  const refresh = await pawnote.loginCredentials(session, {
    url: root, kind, username, password, deviceUUID: "interop-device",
  });
  return { session, refresh };
}

const filled = (list) => { assert.ok(list.length > 0, "an empty list proves nothing"); return list; };

async function fetched(url) {
  assert.equal(new URL(url).hostname, "127.0.0.1");
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  const bytes = await response.arrayBuffer();
  assert.ok(bytes.byteLength > 0);
}

const { AccountKind, TabLocation, EntityKind } = pawnote;
const { session, refresh } = await login(AccountKind.STUDENT, "demonstration", "pronotevs");
const [resource] = session.user.resources;
const start = session.instance.firstMonday;
const tab = (location) => resource.tabs.get(location);

await check("instance", async () => {
  const instance = await pawnote.instance(root);
  assert.deepEqual(instance.version, session.instance.version);
  assert.equal(filled(instance.accounts).length, 4);
});
await check("parameters", () => {
  assert.equal(session.instance.periods.length, 7);
  filled(session.instance.holidays);
  assert.ok(pawnote.frequency(session, 1));
});
await check("user", async () => {
  assert.equal(session.user.name, "PARENT Fanny");
  assert.equal(resource.className, "3A");
  assert.ok(session.user.authorizations.canDiscuss);
  await fetched(resource.profilePicture.url);
});
await check("presence", () => pawnote.presence(session));
await check("account and calendar", async () => {
  const account = await pawnote.account(session);
  assert.equal(account.INE, "001");
  assert.match(account.phone, /^\+33\d+$/);
  await fetched(pawnote.timetableICalURL(session, account.iCalToken));
});
await check("timetable of every week", async () => {
  let classes = 0;
  for (let week = 1; week <= 44; week += 1) {
    const timetable = await pawnote.timetableFromWeek(session, week);
    classes += timetable.classes.length;
    pawnote.parseTimetable(session, timetable, {
      withSuperposedCanceledClasses: false, withCanceledClasses: true, withPlannedClasses: true,
    });
    for (const item of timetable.classes) assert.ok(item.endDate > item.startDate, item.id);
  }
  assert.ok(classes > 500, `${classes} classes`);
});
await check("timetable of an interval", async () => {
  const end = new Date(start.getTime() + 4 * 86400e3);
  const kinds = new Set(filled((await pawnote.timetableFromIntervals(session, start, end)).classes).map((item) => item.is));
  assert.ok(kinds.has("lesson"));
});
let assignments = [];
await check("assignments", async () => {
  assignments = filled(await pawnote.assignmentsFromWeek(session, 1, 44));
  for (const item of assignments) {
    assert.ok(item.deadline instanceof Date && typeof item.done === "boolean");
  }
  const attachment = assignments.flatMap((item) => item.attachments).find((file) => file.kind === 1);
  await fetched(attachment.url);
  filled(await pawnote.assignmentsFromIntervals(session, start, new Date(start.getTime() + 60 * 86400e3)));
});
await check("assignment done and undone", async () => {
  const [first] = assignments;
  await pawnote.assignmentStatus(session, first.id, true);
  const read = async () => (await pawnote.assignmentsFromWeek(session, 1, 44)).find((item) => item.id === first.id).done;
  assert.equal(await read(), true);
  await pawnote.assignmentStatus(session, first.id, false);
  assert.equal(await read(), false);
});
await check("assignment handed in and taken back", async () => {
  const target = assignments.find((item) => item.return.canUpload);
  await pawnote.assignmentUploadFile(session, target.id, new Blob(["un devoir"]), "devoir.txt");
  const read = async () => (await pawnote.assignmentsFromWeek(session, 1, 44)).find((item) => item.id === target.id).return.uploaded;
  await fetched((await read()).url);
  await pawnote.assignmentRemoveFile(session, target.id);
  assert.equal(await read(), undefined);
});
await check("lesson contents", async () => {
  const resources = filled(await pawnote.resourcesFromWeek(session, 1, 6));
  const one = await pawnote.resource(session, resources[0].id);
  assert.equal(one.id, resources[0].id);
  const announced = resources.find((item) => item.haveAssignment);
  filled(await pawnote.resourceAssignments(session, announced.id));
  filled(await pawnote.resourcesFromIntervals(session, start, new Date(start.getTime() + 14 * 86400e3)));
});
await check("marks", async () => {
  for (const period of tab(TabLocation.Grades).periods) {
    const overview = await pawnote.gradesOverview(session, period);
    filled(overview.subjectsAverages);
    if (period === tab(TabLocation.Grades).defaultPeriod) {
      assert.ok(overview.overallAverage.points > 0);
      filled(overview.grades);
    }
    const paper = overview.grades.find((grade) => grade.subjectFile);
    if (paper) await fetched(paper.subjectFile.url);
  }
});
await check("evaluations", async () => {
  const found = filled(await pawnote.evaluations(session, tab(TabLocation.Evaluations).defaultPeriod));
  filled(found[0].skills);
});
await check("report card", async () => {
  const first = tab(TabLocation.Gradebook).periods[0];
  const past = await pawnote.gradebook(session, first);
  filled(past.subjects);
  filled(past.overallAssessments);
  await fetched(past.url);
});
await check("notebook", async () => {
  const year = tab(TabLocation.Notebook).periods.find((period) => period.name === "Année continue");
  const notebook = await pawnote.notebook(session, year);
  for (const kind of ["absences", "delays", "punishments", "observations"]) filled(notebook[kind]);
  // Its own table still has the code of before 2025.1.3.
  if (session.instance.version[0] < 2025) filled(notebook.precautionaryMeasures);
});
await check("menus", async () => {
  const menus = await pawnote.menus(session, start);
  assert.ok(filled(menus.days).some((day) => day.lunch.main.length > 0));
  filled(menus.weeks);
});
await check("news", async () => {
  const news = await pawnote.news(session);
  filled(news.categories);
  const unread = news.items.find((item) => !item.read);
  await pawnote.newsRead(session, unread, true);
  const toAcknowledge = news.items.find((item) => item.is === "information" && item.needToAcknowledge && !item.acknowledged);
  await pawnote.newsInformationAcknowledge(session, toAcknowledge);
  const again = await pawnote.news(session);
  const find = (id) => again.items.find((item) => item.id === id);
  assert.ok(find(unread.id).read);
  assert.ok(find(toAcknowledge.id).acknowledged);
});
await check("survey", async () => {
  const news = await pawnote.news(session);
  const survey = news.items.find((item) => item.is === "survey" && item.questions.length === 3);
  pawnote.newsQuestionLocalMutate(survey.questions[0], [1]);
  pawnote.newsQuestionLocalMutate(survey.questions[1], [1, 2]);
  pawnote.newsQuestionLocalMutate(survey.questions[2], "Aucune allergie");
  await pawnote.newsSurveySend(session, survey);
  const again = (await pawnote.news(session)).items.find((item) => item.id === survey.id);
  assert.deepEqual(again.questions[1].selectedAnswers, [1, 2]);
  assert.equal(again.questions[2].textInputAnswer, "Aucune allergie");
});
await check("news deleted", async () => {
  const [item] = (await pawnote.news(session)).items.slice(-1);
  await pawnote.newsDelete(session, item);
  assert.ok(!(await pawnote.news(session)).items.some((other) => other.id === item.id));
});
await check("discussions", async () => {
  const { items, folders } = await pawnote.discussions(session);
  filled(items);
  filled(folders);
  for (const item of items) {
    await pawnote.discussionMessages(session, item);
    filled(await pawnote.discussionRecipients(session, item));
  }
});
await check("discussion answered, read, trashed, restored", async () => {
  const { items } = await pawnote.discussions(session);
  const open = items.find((item) => item.subject.startsWith("Sortie"));
  await pawnote.discussionMessages(session, open);
  await pawnote.discussionSendMessage(session, open, "Réponse de Pawnote 🦊");
  assert.ok(open.messages.sents.some((message) => message.content.includes("🦊")));
  await pawnote.discussionRead(session, open);
  await pawnote.discussionTrash(session, open);
  assert.ok(open.folders.some((folder) => folder.kind === 5));
  await pawnote.discussionRestoreTrash(session, open);
  assert.ok(!open.folders.some((folder) => folder.kind === 5));
});
await check("drafts", async () => {
  const { items } = await pawnote.discussions(session);
  const open = items.find((item) => item.subject.startsWith("Absence"));
  await pawnote.discussionMessages(session, open);
  await pawnote.discussionCreateDraft(session, open, "Brouillon");
  const [draft] = filled(open.messages.drafts);
  draft.content = "Brouillon corrigé";
  await pawnote.discussionRemoteMutateDraft(session, open, draft);
  await pawnote.discussionSendDraft(session, open, open.messages.drafts[0]);
  assert.equal(open.messages.drafts.length, 0);
});
await check("new discussion", async () => {
  const teachers = filled(await pawnote.newDiscussionRecipients(session, EntityKind.Teacher));
  filled(await pawnote.newDiscussionRecipients(session, EntityKind.Personal));
  const before = (await pawnote.discussions(session)).items.length;
  await pawnote.newDiscussion(session, "Nouveau sujet", "Bonjour", [teachers[0]]);
  const { items } = await pawnote.discussions(session);
  assert.equal(items.length, before + 1);
  await pawnote.discussionDelete(session, items.find((item) => item.subject === "Nouveau sujet"));
  assert.equal((await pawnote.discussions(session)).items.length, before);
});
await check("home page and partners", async () => {
  const home = await pawnote.homepage(session);
  filled(home.links);
  filled(home.partnerARD.wallets);
  assert.match(await pawnote.partnerURL(session, home.partnerTurboself), /turboself/);
});
await check("token, used once and exchanged", async () => {
  assert.ok(refresh.token);
  const again = pawnote.createSessionHandle();
  const next = await pawnote.loginToken(again, { ...refresh, deviceUUID: "interop-device" });
  assert.ok(next.token && next.token !== refresh.token);
  await assert.rejects(pawnote.loginToken(pawnote.createSessionHandle(), { ...refresh, deviceUUID: "interop-device" }));
});
await check("parent of two", async () => {
  const parent = await login(AccountKind.PARENT, "demonstration", "pronotevs");
  assert.deepEqual(parent.session.user.resources.map((child) => child.name), ["PARENT Fanny", "PARENT Manon"]);
  pawnote.use(parent.session, 1);
  filled((await pawnote.timetableFromWeek(parent.session, 1)).classes);
  filled((await pawnote.discussions(parent.session)).items);
});
await check("teacher", async () => {
  const teacher = await login(AccountKind.TEACHER, "demonstration", "pronotevs");
  assert.equal(teacher.session.user.kind, 3);
});
await check("PIN and device name", async () => {
  const parameters = { url: root, kind: AccountKind.STUDENT, username: "prudence", password: "Mot2Passe!é😀", deviceUUID: "interop-pin" };
  const handle = pawnote.createSessionHandle();
  const error = await pawnote.loginCredentials(handle, parameters).then(() => null, (error) => error);
  assert.ok(error instanceof pawnote.SecurityError, String(error));
  assert.ok(error.handle.shouldEnterPIN);
  assert.equal(await pawnote.securityCheckPIN(handle, "9999"), false);
  assert.equal(await pawnote.securityCheckPIN(handle, "1234"), true);
  assert.equal(await pawnote.securitySource(handle, "interop"), false);
  await pawnote.securitySave(handle, error.handle, { pin: "1234", deviceName: "interop" });
  const { authentication, identity, initialUsername } = error.handle.context;
  const done = await pawnote.finishLoginManually(handle, authentication, identity, initialUsername);
  assert.equal(handle.user.name, "MARJOLAINE Prudence");
  await pawnote.loginToken(pawnote.createSessionHandle(), { ...done, deviceUUID: "interop-pin" });
});
await check("password to be changed", async () => {
  const handle = pawnote.createSessionHandle();
  const parameters = { url: root, kind: AccountKind.STUDENT, username: "nouveau", password: "provisoire", deviceUUID: "interop-new" };
  const error = await pawnote.loginCredentials(handle, parameters).then(() => null, (error) => error);
  assert.ok(error.handle.shouldCustomPassword, String(error));
  assert.equal(await pawnote.securityCheckCustomPassword(handle, "court"), false);
  assert.equal(await pawnote.securityCheckCustomPassword(handle, "Nouveau-2026"), true);
  await pawnote.securitySave(handle, error.handle, { password: "Nouveau-2026", deviceName: "interop" });
  await assert.rejects(login(AccountKind.STUDENT, "nouveau", "provisoire"), pawnote.BadCredentialsError);
  await login(AccountKind.STUDENT, "nouveau", "Nouveau-2026");
});
await check("accounts that are refused", async () => {
  await assert.rejects(login(AccountKind.STUDENT, "demonstration", "faux"), pawnote.BadCredentialsError);
  await assert.rejects(login(AccountKind.STUDENT, "personne", "faux"), pawnote.BadCredentialsError);
  await assert.rejects(login(AccountKind.STUDENT, "bloque", "pronotevs"), pawnote.AccountDisabledError);
  await assert.rejects(login(AccountKind.STUDENT, "interdit", "pronotevs"), pawnote.AccessDeniedError);
  await assert.rejects(login(AccountKind.STUDENT, "message", "pronotevs"), pawnote.AuthenticateError);
});

console.log(`pawnote-1.6.2 at ${session.instance.version.join(".")}: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

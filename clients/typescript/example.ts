/**
 * A partner's first program: get a token, assess a case, read it back, walk a list, read what is wrong, erase.
 *
 * `HIPCARE` is the address of the server. The secrets are either `API_KEY`, or `CLIENT_ID` and `CLIENT_SECRET`.
 */
import { randomUUID } from "node:crypto";

import createClient from "openapi-fetch";

import type { components, paths } from "./generated/hipcare.js";

type AssessmentRequest = components["schemas"]["AssessmentRequest"];
type ConditionSummary = components["schemas"]["ConditionSummary"];
type Problem = components["schemas"]["Problem"];

const server = createClient<paths>({ baseUrl: process.env["HIPCARE"] ?? "http://127.0.0.1:8000" });

const theCase: AssessmentRequest = {
  patient: { age: { value: 67, unit: "year" }, sex: "female", reference: "case-0001" },
  setting: "primary_care",
  findings: [
    { id: "pain_groin", state: "present" },
    { id: "pain_stairs_slopes", state: "present" },
    { id: "fever", state: "absent" },
  ],
  measurements: [{ id: "pain_nprs", value: 6 }],
};

/** What the server refused, with each place of the input that is wrong. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    const places = problem.errors?.map(({ pointer, code }) => ` ${pointer} ${code}`) ?? [];
    super(`${problem.status} ${problem.type}${places.join("")}`);
  }
}

/** The answer; throws what the server refused. */
function answered<Answer>(result: { data?: Answer; error?: Problem }): Answer {
  if (result.error !== undefined) throw new Refused(result.error);
  return result.data as Answer;
}

/** An API key as it is, or a token for five minutes in exchange for a client secret. */
async function bearer(): Promise<string> {
  const { API_KEY, CLIENT_ID, CLIENT_SECRET } = process.env;
  if (API_KEY !== undefined) return API_KEY;
  if (CLIENT_ID === undefined || CLIENT_SECRET === undefined) {
    throw new Error("Set API_KEY, or CLIENT_ID and CLIENT_SECRET.");
  }
  const { data, error } = await server.POST("/oauth/token", {
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: { grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: CLIENT_SECRET },
  });
  if (data === undefined) throw new Error(`No token: ${JSON.stringify(error)}`);
  return data.access_token;
}

/** Every condition of the catalogue, page by page. */
async function* conditions(): AsyncGenerator<ConditionSummary> {
  let cursor: string | null = null;
  do {
    const query: { page_size: number; cursor?: string } = cursor === null ? { page_size: 25 } : { page_size: 25, cursor };
    const page = answered(await server.GET("/api/v1/conditions", { params: { query } }));
    yield* page.results;
    cursor = page.next && new URL(page.next).searchParams.get("cursor");
  } while (cursor !== null);
}

/** What becomes of an attempt that must be refused. */
async function refusal(attempt: Promise<{ error?: Problem }>): Promise<string> {
  const { error } = await attempt;
  if (error === undefined) throw new Error("It was not refused.");
  return new Refused(error).message;
}

const token = await bearer();
server.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
  },
});

const header = { "Idempotency-Key": randomUUID() };
const answer = answered(await server.POST("/api/v1/assessments", { params: { header }, body: theCase }));
console.log("urgency:", answer.urgency.level, answer.red_flag_screen.complete ? "" : "(questions are open)");
for (const cause of answer.causes.slice(0, 3)) {
  console.log("cause:", cause.probability.toFixed(2), cause.condition, cause.codes.map(({ code }) => code).join(" "));
}

const repeated = answered(await server.POST("/api/v1/assessments", { params: { header }, body: theCase }));
console.log("a repeat is the same assessment:", repeated.id === answer.id);

const path = { assessment_id: answer.id };
const read = answered(await server.GET("/api/v1/assessments/{assessment_id}", { params: { path } }));
console.log("read back:", read.created_at === answer.created_at && read.urgency.level === answer.urgency.level);

let count = 0;
for await (const condition of conditions()) count += condition.must_not_miss ? 1 : 0;
console.log("conditions not to miss:", count);

const mistaken = { ...theCase, findings: [{ id: "pain_groyn", state: "present" as const }] };
console.log("refused:", await refusal(server.POST("/api/v1/assessments", { body: mistaken })));

answered(await server.DELETE("/api/v1/assessments/{assessment_id}", { params: { path } }));
console.log("erased:", await refusal(server.GET("/api/v1/assessments/{assessment_id}", { params: { path } })));

// "Call me back": takes the form of a web page, adds a lead to MaxContact and has an agent dial it; when the
// agent says that the call is over, hangs up and records its outcome.
//
//   POST /call-me      name, phone           -> the number of the call
//   POST /call-over    call, outcome
//
// The address of MaxContact stands here and nowhere else.
const { createServer } = require("node:http");
const { randomUUID } = require("node:crypto");
const axios = require("axios");

const LOGIN = process.env.MAXCONTACT_LOGIN ?? "api.user";
const PASSWORD = process.env.MAXCONTACT_PASSWORD ?? "Pa55word!";
const AGENT = 101;
const LIST = 12;

const maxcontact = axios.create({
  baseURL: "https://acme.maxcontact.com/webservices/services",
  headers: { Accept: "application/json" },
  timeout: 10_000,
});

/** The cookie of a session; the password goes as Base64 without a scheme, as MaxContact wants it. */
async function logIn() {
  const headers = { Authorization: Buffer.from(PASSWORD).toString("base64") };
  const { data } = await maxcontact.get(`/apitoken/login/${LOGIN}`, { headers });
  return { Cookie: `TokenKey=${data.TokenKey}` };
}

/** What MaxContact answers; a refusal comes with status 200 too. */
async function asked(request) {
  const { data } = await maxcontact.request(request);
  if (!data.Success) throw new Error(`${request.url}: ${data.ResponseDetail}`);
  return data.Data;
}

async function callMe({ name, phone }) {
  const headers = await logIn();
  const number = phone.replace(/[^0-9]/g, "");
  const lead = {
    Name: name,
    ListID: LIST,
    ReferenceID: `WEB-${randomUUID()}`,
    LeadPhones: [{ PhoneNum: number, PhoneTypeID: 1, TimeZoneID: 0, IsHighPriority: true }],
  };
  await asked({ method: "POST", url: "/LeadManagement/AddLead", data: lead, headers });
  const call = await asked({ url: `/telephony/dial/user/${AGENT}/phone/${number}`, headers });
  return `${call.CallId}`;
}

async function callOver({ call, outcome }) {
  const headers = await logIn();
  await asked({ url: `/telephony/hangup/user/${AGENT}/call/${call}`, headers });
  const params = { resultcode: outcome };
  await asked({ url: `/telephony/dispose/user/${AGENT}/call/${call}`, params, headers });
  return "thank you";
}

const FORMS = { "/call-me": callMe, "/call-over": callOver };

/** The fields of a form as a browser sends them. */
async function fields(request) {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return Object.fromEntries(new URLSearchParams(body));
}

const server = createServer(async (request, response) => {
  const handle = request.method === "POST" ? FORMS[request.url] : undefined;
  if (!handle) return response.writeHead(404).end("no such form\n");
  try {
    response.end(`${await handle(await fields(request))}\n`);
  } catch (error) {
    response.writeHead(502).end(`${error.message}\n`);
  }
});

if (require.main === module) {
  server.listen(Number(process.env.PORT ?? 8000), "127.0.0.1");
}
module.exports = { server };

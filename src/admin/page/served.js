// The vendors that the program serves, and where: asked for once.

import { get } from "./api.js";

/** @typedef {import("./types").Vendor} Vendor */
/** @typedef {import("./types").Facts} Facts */

/** @type {Promise<Vendor[]> | null} */
let asked = null;

/** The vendors. Where they cannot be read it is asked again the next time. */
export function vendorList() {
  asked ??= get("/v1/vendors").then(
    (told) => told.vendors,
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** Has the vendors asked for anew: of a program that was started again they may be elsewhere. */
export function forgetVendors() {
  asked = null;
}

/**
 * Where a client reaches a vendor in a world: the host, and the first of the vendor's paths.
 * @param {Vendor} vendor
 * @param {string} world
 * @param {Facts | null} facts
 */
export function addressOf(vendor, world, facts) {
  const url = new URL(vendor.url ?? "http://127.0.0.1:8080/");
  if (facts?.listen) return facts.listen + url.pathname;
  return url.origin + (world === "default" ? "" : `/w/${world}`) + url.pathname;
}

/** A request of each vendor's that shows something in the demo. @type {Record<string, string>} */
const FIRST = {
  infocu5: `-d '{"dialerFunction":"getAgents"}' {url}`,
  jtel: "-H 'Authorization: Bearer SIMTOKEN-7A' {url}7/dialler/contacts/301501",
  maestro: "'{url}fetchCallersByDate?dateFrom=2026-03-02T09:00:00'",
  maxcontact: "-H 'Cookie: TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47' {url}telephony/getcalls/user/101",
  mor: "-X POST '{url}autodialer_get_campaign_ivr_poll_results?u=dialer_bob&id=17'",
};

/**
 * A line to paste: a request that appears on this page at once.
 * @param {Vendor[]} vendors
 * @param {string} world
 * @param {Facts | null} facts
 * @param {string} [wanted] The vendor that it is for.
 */
export function firstLine(vendors, world, facts, wanted = "jtel") {
  const vendor = vendors.find((it) => it.name === wanted) ?? vendors[0];
  if (!vendor) return "curl http://127.0.0.1:8080/";
  const line = FIRST[vendor.name] ?? "{url}";
  return `curl ${line.replace("{url}", addressOf(vendor, world, facts))}`;
}

'use strict';
// Leads connections to the vendors' names to Ringback, whatever made them: http, https, fetch, undici,
// got, axios, agents of the client's own. All of them meet in net.Socket.prototype.connect.
const net = require('net');
const tls = require('tls');
const { syncBuiltinESMExports } = require('module');

const read = () => {
  try {
    return JSON.parse(process.env.RINGBACK_LEAD || 'null');
  } catch {
    return null;
  }
};
const lead = read();

const isLed = (host) => {
  if (typeof host !== 'string') return false;
  const name = host.toLowerCase().replace(/\.$/, '');
  return lead.hosts.some((it) =>
    it.startsWith('*.') ? name.length >= it.length && name.endsWith(it.slice(1)) : name === it,
  );
};

if (lead) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    // Node's own callers pass [options, callback] as one marked array, which has to stay the same.
    const inner = Array.isArray(args[0]) ? args[0] : args;
    const first = inner[0];
    if (first !== null && typeof first === 'object') {
      if (!first.path && isLed(first.host)) {
        const led = { ...first, host: lead.address, port: lead.port, family: 4 };
        delete led.lookup;
        delete led.localAddress;
        inner[0] = led;
      }
    } else if (isLed(args[1])) {
      args[0] = lead.port;
      args[1] = lead.address;
    }
    return connect.apply(this, args);
  };

  // Without a servername these name nobody in their handshake.
  const secure = tls.connect;
  tls.connect = function (...args) {
    const at = args.findIndex((it) => it !== null && typeof it === 'object');
    const options = at < 0 ? {} : args[at];
    const host = typeof args[1] === 'string' ? args[1] : options.host;
    if (!options.servername && isLed(host)) {
      const named = { ...options, servername: host };
      if (at < 0) args.splice(typeof args[1] === 'string' ? 2 : 1, 0, named);
      else args[at] = named;
    }
    return secure.apply(this, args);
  };
  syncBuiltinESMExports();
}

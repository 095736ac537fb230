import http from 'node:http';

// n8n closes idle connections after five seconds: on a busy machine a request may use one that just closed.
http.globalAgent = new http.Agent({ keepAlive: false });

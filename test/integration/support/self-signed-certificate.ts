import { generateKeyPairSync, sign } from 'node:crypto';

/** Key and certificate of a TLS server, in PEM. */
export interface ServerIdentity {
	key: string;
	cert: string;
}

/** Tags of ASN.1, in which certificates are written (X.690). */
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;

/** 1.2.840.10045.4.3.2, ECDSA with SHA-256. */
const ECDSA_WITH_SHA256 = Buffer.from('2a8648ce3d040302', 'hex');

/** 2.5.4.3, the common name. */
const COMMON_NAME = Buffer.from('550403', 'hex');

/**
 * Makes a certificate that nobody vouches for: Node can make keys and sign, but has no function
 * for certificates (RFC 5280, section 4.1).
 *
 * @param host - the name that the certificate is for
 */
export function selfSignedCertificate(host: string): ServerIdentity {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const algorithm = element(SEQUENCE, element(OBJECT_IDENTIFIER, ECDSA_WITH_SHA256));
	const commonName = [
		element(OBJECT_IDENTIFIER, COMMON_NAME),
		element(UTF8_STRING, Buffer.from(host)),
	];
	const name = element(SEQUENCE, element(SET, element(SEQUENCE, ...commonName)));
	const validity = element(SEQUENCE, time('200101000000Z'), time('491231235959Z'));
	const serialNumber = element(INTEGER, Buffer.from([1]));
	const key = publicKey.export({ type: 'spki', format: 'der' });
	const content = element(SEQUENCE, serialNumber, algorithm, name, validity, name, key);
	const signature = sign('sha256', content, privateKey);
	// The first byte of a bit string tells how many bits of its last byte do not count.
	const signatureBits = element(BIT_STRING, Buffer.from([0]), signature);
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		cert: pem('CERTIFICATE', element(SEQUENCE, content, algorithm, signatureBits)),
	};
}

/** An element of ASN.1: its tag, the length of its content, and the content. */
function element(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

/** Lengths below 128 are one byte; for others, the first byte tells how many bytes follow. */
function lengthBytes(length: number): number[] {
	if (length < 128) return [length];
	if (length < 256) return [0x81, length];
	return [0x82, length >> 8, length & 0xff];
}

/** A time as YYMMDDHHMMSSZ. */
function time(text: string): Buffer {
	return element(UTC_TIME, Buffer.from(text));
}

function pem(label: string, content: Buffer): string {
	const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
	return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

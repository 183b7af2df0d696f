"""An SMTP server by aiosmtpd (Debian: python3-aiosmtpd). One argument: its settings as JSON. It writes one JSON object a line:
{"port"} when it listens, {"connection"} for every client, {"ended"} when it has gone, {"message"} for every message taken, parsed by Python's own email package.

What a recipient is called decides what happens: nobody@ 550 5.1.1, relay@ 550 5.7.1, busy@ 451, spam@ 554 after the text, hang@ no answer."""
import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys
import time

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

settings = json.loads(sys.argv[1])
REFUSALS = {
    'nobody': '550 5.1.1 no such user here',
    'relay': '550 5.7.1 relaying denied',
    'busy': '451 4.7.1 greylisted, please try again later',
}


def say(what):
    sys.stdout.write(json.dumps(what) + '\n')
    sys.stdout.flush()


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = REFUSALS.get(address.split('@')[0])
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return '250 2.1.5 recipient ok'

    async def handle_DATA(self, server, session, envelope):
        taken_at_ms = time.time() * 1000
        name = envelope.rcpt_tos[0].split('@')[0]
        if name == 'spam':
            return '554 5.7.1 looks like spam'
        if name == 'hang':
            await asyncio.sleep(3600)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        leaves = [part for part in message.walk() if not part.is_multipart()]
        parts = {part.get_content_type(): part.get_content().replace('\r\n', '\n') for part in leaves if not part.is_attachment()}
        files = [{'name': part.get_filename(), 'type': part.get_content_type(), 'base64': base64.b64encode(part.get_content()).decode()}
                 for part in leaves if part.is_attachment()]
        say({'message': {
            'takenAtMs': taken_at_ms,
            'from': envelope.mail_from,
            'to': envelope.rcpt_tos,
            'headers': {name.lower(): str(value) for name, value in message.items()},
            'parts': parts,
            'files': files,
            'encrypted': session.ssl is not None or settings['tls'] == 'implicit',
            'user': session.auth_data.decode() if session.auth_data else None,
            'longestLine': max(len(line) for line in envelope.content.split(b'\n')),
        }})
        await asyncio.sleep(settings.get('answerAfterMs', 0) / 1000)
        return '250 2.0.0 Ok: queued as 4F1'


class Client(SMTP):
    def connection_lost(self, error):
        super().connection_lost(error)
        say({'ended': True})


def authenticate(server, session, envelope, mechanism, data):
    login = [data.login.decode(), data.password.decode()] if isinstance(data, LoginPassword) else []
    ok = login == [settings['user'], settings['password']]
    # What a careless server may say: the login it was sent.
    return AuthResult(success=ok, handled=ok, auth_data=data.login, message=None if ok else '535 5.7.8 no, ' + ' '.join(login))


async def main():
    context = None
    if settings['tls'] != 'none':
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(settings['certFile'], settings['keyFile'])

    def factory():
        say({'connection': True})
        if settings.get('hangs'):
            return asyncio.Protocol()
        login = dict(auth_required=True, authenticator=authenticate, auth_require_tls=settings['tls'] == 'starttls') if settings.get('user') else {}
        return Client(Mailbox(), hostname='mail.test', enable_SMTPUTF8=True, timeout=settings.get('timeoutS', 300),
                    data_size_limit=settings.get('maxBytes', 33554432),
                    tls_context=context if settings['tls'] == 'starttls' else None,
                    require_starttls=settings['tls'] == 'starttls', **login)

    server = await asyncio.get_running_loop().create_server(
        factory, '127.0.0.1', settings.get('port', 0), ssl=context if settings['tls'] == 'implicit' else None)
    say({'port': server.sockets[0].getsockname()[1]})
    async with server:
        await server.serve_forever()


asyncio.run(main())

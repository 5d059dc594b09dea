import asyncio
import aiohttp

async def main():
    async with aiohttp.ClientSession() as session:
        async with session.post("https://api.infocu5.com/dialer/", data='{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}') as reply:
            print(await reply.text())

asyncio.run(main())

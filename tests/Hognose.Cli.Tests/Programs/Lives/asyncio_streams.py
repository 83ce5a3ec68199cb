import asyncio
async def main():
    async def serve(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async def ask(i):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello %d\n" % i)
        answer = await reader.readline()
        writer.close()
        return answer
    answers = await asyncio.gather(*[ask(i) for i in range(20)])
    print(answers[7], len(answers))
    server.close()
asyncio.run(main())

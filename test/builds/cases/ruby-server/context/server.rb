require "socket"

server = TCPServer.new("0.0.0.0", 4567)
loop do
  client = server.accept
  path = client.gets.split[1]
  body = "Ruby says #{path}"
  client.print "HTTP/1.1 200 OK\r\nContent-Length: #{body.size}\r\nConnection: close\r\n\r\n#{body}"
  client.close
end

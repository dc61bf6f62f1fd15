# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS tools
SHELL ["powershell", "-NoLogo", "-Command", "$ErrorActionPreference = 'Stop';"]
RUN $url = 'https://example.org/tool.zip'; `
    # fetch and unpack
    Invoke-WebRequest -Uri $url -OutFile C:\tool.zip; `
    Expand-Archive C:\tool.zip -DestinationPath C:\tool

FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
WORKDIR C:\app
COPY --from=tools C:\tool C:\tool
ENV PATH="C:\tool;${PATH}" `
    TEMP=C:\Temp
RUN setx /M GREETING "hello" && `
    dir C:\
ONBUILD COPY . C:\app\
HEALTHCHECK NONE
CMD ["C:\\app\\server.exe"]

FROM mcr.microsoft.com/dotnet/sdk:8.0 AS builder
WORKDIR /source
COPY . .
RUN dotnet restore "Invoices.csproj"
RUN dotnet publish "Invoices.csproj" -c Release -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:8.0 AS final
COPY --from=builder /app /app
WORKDIR /app
ENV ASPNETCORE_URLS=http://+:8080
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["dotnet", "Invoices.dll"]
